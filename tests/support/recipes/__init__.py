"""What a valid record needs beyond what its fields tell, one module per line; importing this declares all."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
