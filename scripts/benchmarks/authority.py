"""A certificate authority for servers on loopback addresses, made by the openssl command."""
import pathlib
import subprocess

SYSTEM_BUNDLE = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-batch")


class Authority:
    """`certificate` is what clients have to trust. Nothing but its folder knows of it."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self.certificate, self._key = self._folder / "authority.pem", self._folder / "authority.key"
        _openssl("req", "-x509", *_KEY, "-keyout", self._key, "-out", self.certificate, "-subj", "/CN=thumbline's own authority",
                 "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")

    def sign(self, addresses):
        """A certificate for all of these IP addresses, and its key: two paths."""
        request, certificate, key, extensions = (self._folder / name for name in ("server.csr", "server.pem", "server.key", "server.cnf"))
        _openssl("req", *_KEY, "-keyout", key, "-out", request, "-subj", "/CN=server")
        extensions.write_text("basicConstraints = CA:FALSE\nsubjectAltName = " + ",".join(f"IP:{address}" for address in addresses))
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial", "-days", "2",
                 "-extfile", extensions, "-out", certificate)
        return certificate, key

    def bundle(self):
        """The system's authorities and this one: a file as long as those that clients have to read elsewhere."""
        path = self._folder / "bundle.pem"
        system = SYSTEM_BUNDLE.read_bytes() if SYSTEM_BUNDLE.exists() else b""
        path.write_bytes(system + b"\n" + self.certificate.read_bytes())
        return path


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
