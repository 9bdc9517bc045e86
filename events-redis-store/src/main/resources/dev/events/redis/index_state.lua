-- Answers the position up to which the log is indexed, and, if wanted, the types of the
-- events there.
-- KEYS: prefix. ARGV: whether types are wanted.
local answer = { redis.call('HGET', KEYS[1] .. ':index', 'upTo') or '0' }
if ARGV[1] == '1' then
	for _, known in ipairs(redis.call('SMEMBERS', KEYS[1] .. ':index:types')) do
		answer[#answer + 1] = known
	end
end
return answer
