"""Registers the effects of this room with the outbox; every process imports it (`ApplicationsConfig.ready`)."""

from applications.asking import handlers as asking
from applications.deciding import tasks as deciding
from applications.delivering import tasks as delivering
from applications.erasing import tasks as erasing
from applications.filling import tasks as filling
from applications.following import handlers as following
from applications.telling import handlers as telling

__all__ = ["asking", "deciding", "delivering", "erasing", "filling", "following", "telling"]
