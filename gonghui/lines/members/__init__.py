"""Members by real name (会员实名制): every member is one person in exactly one union, with a history."""
