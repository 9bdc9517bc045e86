-- Reads lists of the index from a position on, upwards or downwards.
-- KEYS: prefix. ARGV: whether downwards, how many full chunks of each, then for each list
-- field, value, position.
-- Answers for each list whether these are its last chunks, how many full ones it has in all,
-- and the chunks.
local downwards, limit = ARGV[1] == '1', tonumber(ARGV[2])
local answer = {}
for i = 3, #ARGV, 3 do
	local list, from = list_of(ARGV[i], ARGV[i + 1]), ARGV[i + 2]
	local open = redis.call('GET', list.open)
	local chunks, last
	if downwards then
		chunks = redis.call('ZREVRANGEBYSCORE', list.full, from, '-inf', 'LIMIT', 0, limit)
		last = #chunks < limit
		if open and first_of(open) <= tonumber(from) then
			table.insert(chunks, 1, open)
		end
	elseif open and first_of(open) <= tonumber(from) then
		chunks, last = { open }, true
	else
		-- the one that begins in front of the position may reach beyond it
		chunks = redis.call('ZREVRANGEBYSCORE', list.full, from, '-inf', 'LIMIT', 0, 1)
		local further = redis.call('ZRANGEBYSCORE', list.full, '(' .. from, '+inf', 'LIMIT', 0, limit)
		last = #further < limit
		for _, chunk in ipairs(further) do
			chunks[#chunks + 1] = chunk
		end
		if last and open then
			chunks[#chunks + 1] = open
		end
	end
	table.insert(chunks, 1, redis.call('ZCARD', list.full))
	table.insert(chunks, 1, last and 1 or 0)
	answer[#answer + 1] = chunks
end
return answer
