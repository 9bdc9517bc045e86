-- Stored deliveries of a subscription. Hashes by position: states (packed tables), events
-- and failures (as the client wrote them). Sorted sets that find them:
--   positions    all, by position; members say the hash, from which the partition follows
--   dead         dead letters, by id; members say position and type as well
--   scheduled:n  parked and released ones of partition n, by the time they are due
--   live:n       those that later ones of their key wait for, or that wait, by key and
--                position
--   blocking:n   those of them that are not just queued
-- A state that is put or removed is removed from, or added to, each of these.

local function deliveries_of(subscription)
	local base = KEYS[1]
	return {
		subscription = subscription,
		partitions = tonumber(redis.call('HGET', base .. ':subscription:' .. subscription, 'partitions')) or 1,
		states = base .. ':deliveries:' .. subscription,
		events = base .. ':delivery-events:' .. subscription,
		failures = base .. ':delivery-failures:' .. subscription,
		positions = base .. ':delivery-positions:' .. subscription,
		dead = base .. ':dead-letters:' .. subscription,
	}
end

local function scheduled_key(subscription, n)
	return KEYS[1] .. ':scheduled:' .. n .. ':' .. subscription
end

local function live_key(subscription, n)
	return KEYS[1] .. ':live:' .. n .. ':' .. subscription
end

local function blocking_key(subscription, n)
	return KEYS[1] .. ':blocking:' .. n .. ':' .. subscription
end

-- Positions in members: equal lengths, so that they are in order.
local function padded(position)
	return string.format('%016.0f', position)
end

-- Keys in members end with a zero byte, so they must not contain one.
local function escaped(key)
	return (string.gsub(key, '[%z\1]', { ['\0'] = '\1\1', ['\1'] = '\1\2' }))
end

local function unescaped(key)
	return (string.gsub(key, '\1(.)', { ['\1'] = '\0', ['\2'] = '\1' }))
end

-- One without a key waits for nothing and has a place of its own.
local function member_by_key(d)
	local position = padded(d.position)
	return (d.key and escaped(d.key) or '\1\3' .. position) .. '\0' .. position
end

local function lowest(set, key)
	local name = escaped(key)
	return redis.call('ZRANGEBYLEX', set, '[' .. name .. '\0', '(' .. name .. '\1', 'LIMIT', 0, 1)[1]
end

local function partition_of(store, d)
	return text(d.hash % store.partitions)
end

local function is_scheduled(d)
	return d.status == 'PARKED' or d.status == 'RELEASED'
end

local function is_dead_letter(d)
	return d.status == 'DEAD' or (d.status == 'RELEASED' and not d.discarded)
end

local function blocks(d)
	return is_scheduled(d) or (d.status == 'DEAD' and d.holding)
end

local function load_state(store, position)
	local packed = redis.call('HGET', store.states, text(position))
	return packed and cmsgpack.unpack(packed)
end

local function dead_member(d)
	return d.id .. ':' .. padded(d.position) .. ':' .. d.type
end

local function add_to_partition(store, d)
	local n = partition_of(store, d)
	if is_scheduled(d) then
		redis.call('ZADD', scheduled_key(store.subscription, n), text(d.due), padded(d.position))
	end
	if d.status == 'QUEUED' or (blocks(d) and d.key) then
		redis.call('ZADD', live_key(store.subscription, n), 0, member_by_key(d))
		if blocks(d) then
			redis.call('ZADD', blocking_key(store.subscription, n), 0, member_by_key(d))
		end
	end
end

local function remove_from_indexes(store, d)
	local n = partition_of(store, d)
	redis.call('ZREM', scheduled_key(store.subscription, n), padded(d.position))
	redis.call('ZREM', live_key(store.subscription, n), member_by_key(d))
	redis.call('ZREM', blocking_key(store.subscription, n), member_by_key(d))
	redis.call('ZREM', store.dead, dead_member(d))
end

-- Stores a state in the place of the old one, if there is one.
local function put(store, d, old)
	if old then
		remove_from_indexes(store, old)
	else
		redis.call('ZADD', store.positions, text(d.position), padded(d.position) .. ':' .. text(d.hash))
	end
	redis.call('HSET', store.states, text(d.position), cmsgpack.pack(d))
	add_to_partition(store, d)
	if is_dead_letter(d) then
		redis.call('ZADD', store.dead, 0, dead_member(d))
	end
end

local function remove(store, d)
	remove_from_indexes(store, d)
	redis.call('ZREM', store.positions, padded(d.position) .. ':' .. text(d.hash))
	local position = text(d.position)
	redis.call('HDEL', store.states, position)
	redis.call('HDEL', store.events, position)
	redis.call('HDEL', store.failures, position)
end

-- What the client reads of a delivery.
local function answer(store, d)
	local position = text(d.position)
	return { store.subscription, partition_of(store, d), position, d.id, d.status, text(d.attempts),
		d.holding and '1' or '0', d.first and text(d.first) or false, d.last and text(d.last) or false,
		redis.call('HGET', store.events, position), redis.call('HGET', store.failures, position),
		d.replay and '1' or '0' }
end
