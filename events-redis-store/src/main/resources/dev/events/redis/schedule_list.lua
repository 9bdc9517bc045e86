-- KEYS: prefix. ARGV: a bound in the sorted set, limit. Answers what waits behind it.
local members = redis.call('ZRANGEBYLEX', schedule, ARGV[1], '+', 'LIMIT', 0, ARGV[2])
local values = {}
for i, member in ipairs(members) do
	values[i] = redis.call('HGET', waiting, string.sub(member, PLACE + 1))
end
return values
