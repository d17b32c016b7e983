"""Special-purpose money: raised, allotted, reserved, paid, with proof."""
