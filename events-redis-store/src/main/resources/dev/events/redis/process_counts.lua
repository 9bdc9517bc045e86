-- KEYS: prefix. Answers kind, status and how many.
local counts = {}
for _, kind in ipairs(redis.call('SMEMBERS', KEYS[1] .. ':processes')) do
	for _, status in ipairs(redis.call('SMEMBERS', of_kind('process-statuses', kind))) do
		local count = redis.call('ZCARD', of_kind('process-status', kind) .. ':' .. status)
		if count > 0 then
			counts[#counts + 1] = { kind, status, count }
		end
	end
end
return counts
