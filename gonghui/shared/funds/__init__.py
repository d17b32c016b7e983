"""Special-purpose money (专项资金): raised, allotted down, reserved, paid, with proof."""
