-- Replays. Each is a hash: state, what the client wrote at the start, and position, handled
-- and failed of each partition. Sorted sets have the ids of all, and of those of each
-- subscription, by the number of their creation; a set has those of the active ones.
-- Invariant: the field replay of a subscription is the id of its active replay, if it has
-- one; whatever may not meet a replay looks there, in the same script.

local function subscription_key(subscription)
	return KEYS[1] .. ':subscription:' .. subscription
end

local function replay_key(id)
	return KEYS[1] .. ':replay:' .. id
end

local function replays_of(subscription)
	return KEYS[1] .. ':replays-of:' .. subscription
end

local function forget_replay(subscription, id)
	redis.call('UNLINK', replay_key(id))
	redis.call('ZREM', KEYS[1] .. ':replays', id)
	redis.call('ZREM', replays_of(subscription), id)
	redis.call('SREM', KEYS[1] .. ':active-replays', id)
end
