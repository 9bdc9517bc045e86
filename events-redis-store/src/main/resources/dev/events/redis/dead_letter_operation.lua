-- What operators do to dead letters. What is none any more is left alone.
-- KEYS: prefix. ARGV: retry, skip or discard; an event to deliver from now on, or an
-- empty string; subscription and position of each.
-- Answers how many were dead letters.
local operation, event = ARGV[1], ARGV[2]
local time = now()
local count = 0
for i = 3, #ARGV, 2 do
	local store, position = deliveries_of(ARGV[i]), tonumber(ARGV[i + 1])
	local old, d = load_state(store, position), load_state(store, position)
	if old and is_dead_letter(old) then
		count = count + 1
		if operation == 'retry' then
			if event ~= '' then
				redis.call('HSET', store.events, text(position), event)
			end
			d.status, d.attempts, d.holding, d.discarded, d.due = 'PARKED', 0, false, false, time
			put(store, d, old)
		elseif operation == 'discard' and not old.holding then
			remove(store, d)
		elseif operation == 'discard' or (old.status == 'DEAD' and old.holding) then
			d.status, d.holding, d.discarded, d.due = 'RELEASED', true, operation == 'discard', time
			put(store, d, old)
		end
	end
end
return count
