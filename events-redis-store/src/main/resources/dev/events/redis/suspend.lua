-- Switches a subscription off, if it is on and still as somebody saw it.
-- KEYS: prefix. ARGV: id, the note, then what was seen: patterns, type, config, whether it
-- has an organization, organization.
-- Answers whether it was switched off.
local key = KEYS[1] .. ':subscription:' .. ARGV[1]
local stored = redis.call('HMGET', key, 'active', 'patterns', 'type', 'config', 'organization')
local same = stored[1] == '1' and stored[2] == ARGV[3] and stored[3] == ARGV[4] and stored[4] == ARGV[5]
	and (stored[5] or '') == ARGV[7]
if not same then
	return { 0 }
end
redis.call('HSET', key, 'active', '0', 'note', ARGV[2])
return { 1 }
