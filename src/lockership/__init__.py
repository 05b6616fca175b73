"""Locker, counter or home: decide for each parcel, and say why."""
