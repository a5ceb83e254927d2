"""Imgur's API with its rate limits: so many requests an hour, and at times none at all."""

import time

from api import Api

USER_LIMIT = 500  # requests an hour
CLIENT_LIMIT = 12500  # requests a day
HOUR_S = 3600


class Limits:
    """How many requests are left; the numbers that each reply of the API carries."""

    def __init__(self):
        self.user_left = USER_LIMIT
        self.client_left = CLIENT_LIMIT
        self.reset_at = time.time() + HOUR_S

    def take(self):
        """Whether there was one left."""
        if time.time() >= self.reset_at:
            self.user_left, self.reset_at = USER_LIMIT, time.time() + HOUR_S
        self.client_left = max(0, self.client_left - 1)
        self.user_left -= 1
        allowed = self.user_left >= 0
        self.user_left = max(0, self.user_left)
        return allowed

    def headers(self):
        return {"X_RateLimit_UserLimit": USER_LIMIT, "X_RateLimit_UserRemaining": self.user_left,
                "X_RateLimit_UserReset": int(self.reset_at), "X_RateLimit_ClientLimit": CLIENT_LIMIT,
                "X_RateLimit_ClientRemaining": self.client_left}

    def credits(self):
        return {"UserLimit": USER_LIMIT, "UserRemaining": self.user_left, "UserReset": int(self.reset_at),
                "ClientLimit": CLIENT_LIMIT, "ClientRemaining": self.client_left}


class LimitedApi(Api):
    def __init__(self, gallery, base, busy_after=None, over_capacity_after=None):
        """Once, the first page after number `busy_after` is answered by 429 and the first after `over_capacity_after` by
        Imgur's 403; asked again, it comes."""
        super().__init__(gallery, base)
        self._busy_after = busy_after
        self._over_capacity_after = over_capacity_after
        self._limits = Limits()

    def headers(self):
        return self._limits.headers()

    def refuse(self, request):
        if refusal := super().refuse(request):
            return refusal
        if not self._limits.take():
            return self.bad(request, 429, "Too many requests", Retry_After=max(1, int(self._limits.reset_at - time.time())))
        return None

    def find(self, request, parts):
        match parts:
            case ["credits"]:
                return self.good(self._limits.credits())
            case ["image", key] if image := self.gallery.image(key, self.base):
                return self.good(image)
        return super().find(request, parts)

    def page(self, request, number):
        if self._busy_after is not None and number > self._busy_after:
            self._busy_after = None
            return self.bad(request, 429, "Too many requests", Retry_After=1)
        if self._over_capacity_after is not None and number > self._over_capacity_after:
            self._over_capacity_after = None
            return self.bad(request, 403, "Imgur is temporarily over capacity. Please try again later.")
        return super().page(request, number)
