-- What the server that has our keys says of itself.
-- KEYS: prefix.
return { redis.call('INFO', 'server'), redis.call('INFO', 'memory'), redis.call('INFO', 'persistence') }
