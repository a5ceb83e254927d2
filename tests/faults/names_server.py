"""A name server of the test's own (RFC 1035, UDP): each name has its answers, which may change from one question to the next."""

import collections
import ipaddress
import socket
import struct
import threading

A, AAAA = 1, 28
NAME_ERROR = 3


class NameServer:
    """`answers[name]` is a list of lists of addresses: the first question of a kind gets the first list, the last one is given
    again and again. Names that are not there do not exist."""

    def __init__(self, address):
        self.answers = {}
        self.asked = collections.Counter()  # by (name, kind)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 53))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self):
        while True:
            question, client = self._socket.recvfrom(4096)
            if not question:
                return
            self._socket.sendto(self._answer(question), client)

    def _answer(self, question):
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode().lower())
            at += 1 + question[at]
        name = ".".join(labels)
        kind = struct.unpack(">H", question[at + 1:at + 3])[0]
        asked = question[12:at + 5]
        if name not in self.answers:
            return question[:2] + struct.pack(">HHHHH", 0x8180 | NAME_ERROR, 1, 0, 0, 0) + asked
        turns = self.answers[name]
        addresses = turns[min(self.asked[name, kind], len(turns) - 1)]
        self.asked[name, kind] += 1
        packed = [ipaddress.ip_address(address).packed for address in addresses]
        fitting = [address for address in packed if (len(address) == 4) == (kind == A) and kind in (A, AAAA)]
        records = b"".join(struct.pack(">HHHIH", 0xC00C, kind, 1, 0, len(address)) + address for address in fitting)
        return question[:2] + struct.pack(">HHHHH", 0x8180, 1, len(fitting), 0, 0) + asked + records
