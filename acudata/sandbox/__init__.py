"""A faithful imitation of an Acumatica instance, served over real HTTP on loopback."""
