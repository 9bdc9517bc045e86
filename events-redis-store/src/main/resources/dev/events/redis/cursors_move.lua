-- Moves the cursors of a subscription, unless a replay of it is active.
-- KEYS: prefix. ARGV: subscription, position, rewind or forward.
-- Answers whether it was done.
--
-- Old owners are fenced off at once by the new epochs, but may still be inside a handler:
-- so nobody gets a cursor before the last old lease has run out.
local key = KEYS[1] .. ':subscription:' .. ARGV[1]
local target, rewind = tonumber(ARGV[2]), ARGV[3] == 'rewind'
local known = redis.call('HMGET', key, 'partitions', 'replay')
if not known[1] or known[2] then
	return { 0 }
end
local positions, epoch, free = {}, 0, 0
for n = 0, tonumber(known[1]) - 1 do
	local cursor = redis.call('HMGET', key, 'position' .. n, 'epoch' .. n, 'until' .. n)
	positions[n] = tonumber(cursor[1])
	epoch = math.max(epoch, tonumber(cursor[2]))
	free = math.max(free, tonumber(cursor[3]))
end
write_although_memory_is_full()
for n = 0, tonumber(known[1]) - 1 do
	local position = rewind and math.min(positions[n], target) or math.max(positions[n], target)
	redis.call('HSET', key, 'position' .. n, text(position), 'epoch' .. n, text(epoch + 1), 'owner' .. n, '',
		'until' .. n, text(free), 'saved' .. n, '0')
end
if rewind then
	-- all of it comes again, also what is done beyond the position
	redis.call('HDEL', key, 'former')
end
return { 1 }
