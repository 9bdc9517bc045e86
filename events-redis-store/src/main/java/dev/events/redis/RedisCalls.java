package dev.events.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import dev.events.EventStoreException;
import dev.events.redis.RedisFailure.Outcome;
import io.lettuce.core.RedisCommandInterruptedException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * Calls the server and waits for the answer, for a bounded time. While there is no
 * connection it waits a moment for one. A call whose outcome is not known is repeated
 * only if that does no harm. Thread-safe.
 */
final class RedisCalls {

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final Duration BETWEEN_TRIES = Duration.ofMillis(10);

	private static final Duration BETWEEN_RESETS = Duration.ofMillis(500);

	private final StoreConnection connection;

	private final byte[] key;

	private final Duration timeout;

	private final AtomicLong resetAt = new AtomicLong(System.nanoTime() - BETWEEN_RESETS.toNanos());

	RedisCalls(StoreConnection connection, Keys keys, Duration timeout) {
		this.connection = connection;
		this.key = keys.prefix();
		this.timeout = timeout;
	}

	/** Runs a script on the keys behind our prefix that answers with a list. */
	Answer run(String what, Script script, Arguments arguments) {
		return run(what, script, script.isRepeatable(), new byte[][] { this.key }, arguments.toArray());
	}

	Answer run(String what, Script script, boolean repeatable, byte[][] keys, byte[][] arguments) {
		List<Object> answer = call(what, repeatable, (commands) -> evaluate(commands, script, keys, arguments));
		return new Answer(answer);
	}

	/** Runs a script that answers with a number. */
	long number(String what, Script script, Arguments arguments) {
		return run(what, script, arguments).number(0);
	}

	/** A command that only reads. */
	<T> T read(String what, Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		return call(what, true, (commands) -> await(command.apply(commands)));
	}

	private List<Object> evaluate(RedisClusterAsyncCommands<byte[], byte[]> commands, Script script, byte[][] keys,
			byte[][] arguments) throws Exception {
		try {
			return await(commands.evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments));
		}
		catch (RedisNoScriptException ex) {
			// a server that has just started, or whose scripts were flushed; this loads
			// it
			return await(commands.eval(script.text(), ScriptOutputType.MULTI, keys, arguments));
		}
	}

	private <T> T call(String what, boolean repeatable, Call<T> call) {
		long start = System.nanoTime();
		boolean unknown = false;
		while (true) {
			try {
				return call.on(this.connection.commands());
			}
			catch (Exception ex) {
				RedisFailure failure = RedisFailure.of(ex);
				heal(failure);
				unknown |= failure.outcome() == Outcome.UNKNOWN;
				boolean again = failure.isPassing() || repeatable && failure.outcome() == Outcome.UNKNOWN;
				if (!again || System.nanoTime() - start > PATIENCE.toNanos() || !pause()) {
					// a refusal says nothing of the try before
					throw (unknown ? failure.unknown() : failure).exception(what);
				}
			}
		}
	}

	/**
	 * A connection that leads to a former master, or whose other end is silent, does not
	 * end by itself.
	 */
	private void heal(RedisFailure failure) {
		if (!failure.code().equals("READONLY") && !(failure.cause() instanceof RedisCommandTimeoutException)) {
			return;
		}
		long last = this.resetAt.get();
		long now = System.nanoTime();
		if (now - last > BETWEEN_RESETS.toNanos() && this.resetAt.compareAndSet(last, now)) {
			this.connection.reset();
		}
	}

	private static boolean pause() {
		if (Thread.currentThread().isInterrupted()) {
			return false;
		}
		try {
			TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIES.toNanos());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private <T> T await(Future<T> future) throws Exception {
		try {
			return future.get(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Exception cause) {
				throw cause;
			}
			throw ex;
		}
		catch (TimeoutException | CancellationException ex) {
			future.cancel(true);
			throw new RedisCommandTimeoutException("No answer within " + this.timeout);
		}
		catch (InterruptedException ex) {
			future.cancel(true);
			Thread.currentThread().interrupt();
			throw new RedisCommandInterruptedException(ex);
		}
	}

	/**
	 * Something that is asked of the server.
	 */
	private interface Call<T> {

		T on(RedisClusterAsyncCommands<byte[], byte[]> commands) throws Exception;

	}

}
