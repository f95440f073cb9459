"""Backups: one file that says what it is, made while the service works, and put back with the outbox held."""

from storage.backup.container import BackupTrouble, Manifest, NotABackup, look_into
from storage.backup.making import Origin, make_backup
from storage.backup.restoring import Restored, Restoring, restore

__all__ = ["BackupTrouble", "Manifest", "NotABackup", "Origin", "Restored", "Restoring", "look_into", "make_backup", "restore"]
