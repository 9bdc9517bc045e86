package dev.events.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * Sends appends to the server: one that comes alone goes at once, those that come while
 * calls are under way go together in the next one. The thread that takes in an answer
 * sends what has gathered meanwhile, so no publisher waits for another to wake up.
 * Thread-safe.
 * <p>
 * Invariants: (1) an append is in one call, as a whole; (2) the server does all of a call
 * or, when it refuses it, nothing, and no append can make it refuse: what it refuses, it
 * would refuse to each of them; (3) an append that waits is sent when a call ends, or by
 * the next append when no answer came in time.
 */
final class GroupedAppends {

	// one call holds up the server no longer than a few milliseconds, unless a single
	// append is larger
	private static final int MOST_EVENTS = 500;

	private static final int MOST_BYTES = 512 << 10;

	// with one call at a time either the server or we would sleep, and to be woken takes
	// longer than an append
	private static final int LEAST_CALLS = 2;

	// appends wait no longer than about this because of calls that are under way
	private static final long MOST_WAIT_NANOS = 250_000;

	private static final int MOST_CALLS = 64;

	private final byte[][] keys;

	private final long timeoutNanos;

	// guarded by this, as all that follows
	private final Deque<Entry> waiting = new ArrayDeque<>();

	// under way, the oldest first
	private final Deque<GroupedCall> calls = new ArrayDeque<>();

	// nanoseconds of the fastest call lately: the way to the server and back. Far until
	// known
	private long roundTrip = MOST_CALLS * MOST_WAIT_NANOS;

	/**
	 * Creates it.
	 * @param keys of the script
	 * @param timeout a call without an answer after that is not waited for
	 */
	GroupedAppends(byte[][] keys, Duration timeout) {
		this.keys = keys;
		this.timeoutNanos = timeout.toNanos();
	}

	/**
	 * Sends an append, perhaps with others. Does not block.
	 * @param commands of the connection to use
	 * @return the positions; cancelling it affects no other append
	 */
	Future<List<Long>> append(RedisClusterAsyncCommands<byte[], byte[]> commands, PackedAppend append) {
		Entry entry = new Entry(commands, append);
		GroupedCall call;
		synchronized (this) {
			this.waiting.add(entry);
			call = next();
		}
		if (call != null) {
			call.send();
		}
		return entry.positions;
	}

	/**
	 * What is to be sent now, if anything is. When the server is far, several calls may
	 * be under way: an append would wait for two long round trips else.
	 */
	private synchronized @Nullable GroupedCall next() {
		long now = System.nanoTime();
		while (!this.calls.isEmpty() && now - this.calls.getFirst().sentAt > this.timeoutNanos) {
			this.calls.removeFirst();
		}
		if (this.calls.size() >= Math.min(MOST_CALLS, LEAST_CALLS + this.roundTrip / MOST_WAIT_NANOS)) {
			return null;
		}
		GroupedCall call = new GroupedCall(now);
		while (!this.waiting.isEmpty() && call.hasRoomFor(this.waiting.getFirst().append)) {
			Entry entry = this.waiting.removeFirst();
			// else nobody waits for it any more
			if (!entry.positions.isDone()) {
				call.add(entry);
			}
		}
		if (call.entries.isEmpty()) {
			return null;
		}
		this.calls.add(call);
		return call;
	}

	private synchronized @Nullable GroupedCall after(GroupedCall ended, boolean succeeded) {
		if (this.calls.remove(ended) && succeeded) {
			// forgets slowly, for the way may have become longer
			this.roundTrip = Math.min(System.nanoTime() - ended.sentAt, this.roundTrip + this.roundTrip / 4096 + 1);
		}
		return next();
	}

	/**
	 * Appends that the server is asked for in one call.
	 */
	private final class GroupedCall {

		private final long sentAt;

		private final List<Entry> entries = new ArrayList<>();

		private int events;

		private long bytes;

		GroupedCall(long sentAt) {
			this.sentAt = sentAt;
		}

		boolean hasRoomFor(PackedAppend append) {
			return this.entries.isEmpty()
					|| this.events + append.size() <= MOST_EVENTS && this.bytes + append.bytes() <= MOST_BYTES;
		}

		void add(Entry entry) {
			this.entries.add(entry);
			this.events += entry.append.size();
			this.bytes += entry.append.bytes();
		}

		void send() {
			// the newest: the connection may have been replaced since the others came
			RedisClusterAsyncCommands<byte[], byte[]> commands = this.entries.get(this.entries.size() - 1).commands;
			byte[][] arguments = arguments();
			try {
				commands
					.<List<Object>>evalsha(Script.APPEND.digest(), ScriptOutputType.MULTI, GroupedAppends.this.keys,
							arguments)
					.whenComplete((answer, error) -> {
						if (cause(error) instanceof RedisNoScriptException) {
							load(commands, arguments);
						}
						else {
							end(answer, error);
						}
					});
			}
			catch (RuntimeException ex) {
				end(null, ex);
			}
		}

		/** The server has just started, or its scripts were flushed. */
		private void load(RedisClusterAsyncCommands<byte[], byte[]> commands, byte[][] arguments) {
			try {
				commands
					.<List<Object>>eval(Script.APPEND.text(), ScriptOutputType.MULTI, GroupedAppends.this.keys,
							arguments)
					.whenComplete(this::end);
			}
			catch (RuntimeException ex) {
				end(null, ex);
			}
		}

		private byte[][] arguments() {
			byte[][] arguments = new byte[2 * this.entries.size() + this.events][];
			int length = 0;
			for (Entry entry : this.entries) {
				PackedAppend append = entry.append;
				arguments[length] = append.token();
				arguments[length + 1] = Text.bytes(Integer.toString(append.size()));
				System.arraycopy(append.events(), 0, arguments, length + 2, append.size());
				length += 2 + append.size();
			}
			return arguments;
		}

		private void end(@Nullable List<Object> answer, @Nullable Throwable error) {
			GroupedCall next = after(this, error == null);
			try {
				if (next != null) {
					next.send();
				}
			}
			finally {
				complete(answer, error);
			}
		}

		private void complete(@Nullable List<Object> answer, @Nullable Throwable error) {
			Throwable cause = cause(error);
			int from = 0;
			for (Entry entry : this.entries) {
				if (answer != null && cause == null) {
					entry.complete(new Answer(answer), from);
				}
				else {
					entry.positions
						.completeExceptionally((cause != null) ? cause : new IllegalStateException("No answer"));
				}
				from += entry.append.size();
			}
		}

		private static @Nullable Throwable cause(@Nullable Throwable error) {
			return (error instanceof CompletionException && error.getCause() != null) ? error.getCause() : error;
		}

	}

	/**
	 * An append that is to be sent, or has been.
	 */
	private static final class Entry {

		private final RedisClusterAsyncCommands<byte[], byte[]> commands;

		private final PackedAppend append;

		private final CompletableFuture<List<Long>> positions = new CompletableFuture<>();

		Entry(RedisClusterAsyncCommands<byte[], byte[]> commands, PackedAppend append) {
			this.commands = commands;
			this.append = append;
		}

		/** Takes what is its own from the answer to a call. */
		void complete(Answer answer, int from) {
			try {
				this.positions.complete(RedisEventLog.positions(answer, from, from + this.append.size()));
			}
			catch (RuntimeException ex) {
				this.positions.completeExceptionally(ex);
			}
		}

	}

}
