-- Makes a subscription known, or brings a known one up to date.
-- KEYS: prefix. ARGV: id, patterns, type, config, active, whether it has an organization,
-- organization, origin, number of partitions, where a new one begins (head or beginning),
-- whether there is a note about a new one, the note, and which ones (new, known or any).
-- Answers active, origin and note as they are stored, or nothing when it is not such a one.
local id = ARGV[1]
local key = subscription_key(id)
local partitions = tonumber(ARGV[9])

local function create_cursors(position, epoch, owner, free)
	for n = 0, partitions - 1 do
		redis.call('HSET', key, 'position' .. n, text(position), 'epoch' .. n, text(epoch), 'owner' .. n, '',
			'until' .. n, text(free), 'saved' .. n, '0')
	end
end

-- Also says how far the former partitions had come, unless all cursors are behind it.
local function former_partitions(known, positions, low)
	local former = {}
	local all = {}
	for item in string.gmatch(known or '', '[^;]+') do
		all[#all + 1] = item
	end
	all[#all + 1] = table.concat(positions, ',')
	for _, item in ipairs(all) do
		local high = 0
		for position in string.gmatch(item, '%d+') do
			high = math.max(high, tonumber(position))
		end
		if high > low then
			former[#former + 1] = item
		end
	end
	return table.concat(former, ';')
end

-- An active replay goes on from the lowest position, and knows what is done behind it; its
-- counts are with the first partition.
local function repartition_replay(before)
	local replay_id = redis.call('HGET', key, 'replay')
	if not replay_id then
		return
	end
	local replay = replay_key(replay_id)
	local positions, low, handled, failed = {}, nil, 0, 0
	for n = 0, before - 1 do
		local progress = redis.call('HMGET', replay, 'position' .. n, 'handled' .. n, 'failed' .. n)
		positions[#positions + 1] = progress[1]
		low = math.min(low or tonumber(progress[1]), tonumber(progress[1]))
		handled, failed = handled + tonumber(progress[2]), failed + tonumber(progress[3])
		redis.call('HDEL', replay, 'position' .. n, 'handled' .. n, 'failed' .. n)
	end
	redis.call('HSET', replay, 'partitions', text(partitions), 'former',
		former_partitions(redis.call('HGET', replay, 'former'), positions, low))
	for n = 0, partitions - 1 do
		redis.call('HSET', replay, 'position' .. n, text(low), 'handled' .. n, n == 0 and text(handled) or '0',
			'failed' .. n, n == 0 and text(failed) or '0')
	end
end

-- Old owners are fenced off at once by the new epochs, but may still be inside a handler:
-- so nobody gets a new cursor before the last old lease has run out.
local function repartition(before)
	local positions, low, high_epoch, free = {}, nil, 0, 0
	local moved = {}
	local store = deliveries_of(id)
	for n = 0, before - 1 do
		local cursor = redis.call('HMGET', key, 'position' .. n, 'epoch' .. n, 'until' .. n)
		positions[#positions + 1] = cursor[1]
		low = math.min(low or tonumber(cursor[1]), tonumber(cursor[1]))
		high_epoch = math.max(high_epoch, tonumber(cursor[2]))
		free = math.max(free, tonumber(cursor[3]))
		redis.call('HDEL', key, 'position' .. n, 'epoch' .. n, 'owner' .. n, 'until' .. n, 'saved' .. n)
		for _, position in ipairs(redis.call('ZRANGE', scheduled_key(id, n), 0, -1)) do
			moved[position] = true
		end
		for _, member in ipairs(redis.call('ZRANGE', live_key(id, n), 0, -1)) do
			moved[string.sub(member, -16)] = true
		end
		redis.call('UNLINK', scheduled_key(id, n), live_key(id, n), blocking_key(id, n))
	end
	redis.call('HSET', key, 'partitions', text(partitions), 'former',
		former_partitions(redis.call('HGET', key, 'former'), positions, low))
	create_cursors(low, high_epoch + 1, '', free)
	store.partitions = partitions
	for position in pairs(moved) do
		add_to_partition(store, load_state(store, tonumber(position)))
	end
end

local before = tonumber(redis.call('HGET', key, 'partitions'))
if before and ARGV[13] == 'new' or not before and ARGV[13] == 'known' then
	return {}
end
if not before then
	redis.call('HSET', key, 'active', ARGV[5], 'origin', ARGV[8], 'partitions', text(partitions))
	if ARGV[11] == '1' then
		redis.call('HSET', key, 'note', ARGV[12])
	end
	redis.call('SADD', KEYS[1] .. ':subscriptions', id)
	local position = 0
	if ARGV[10] == 'head' then
		position = tonumber(redis.call('HGET', KEYS[1] .. ':head', 'position')) or 0
	end
	-- room for 2^30 claims until the next subscription of the same name
	create_cursors(position, redis.call('INCR', KEYS[1] .. ':epochs') * 1073741824, '', 0)
elseif before ~= partitions then
	repartition(before)
	repartition_replay(before)
end
redis.call('HSET', key, 'patterns', ARGV[2], 'type', ARGV[3], 'config', ARGV[4])
if ARGV[6] == '1' then
	redis.call('HSET', key, 'organization', ARGV[7])
else
	redis.call('HDEL', key, 'organization')
end
return redis.call('HMGET', key, 'active', 'origin', 'note')
