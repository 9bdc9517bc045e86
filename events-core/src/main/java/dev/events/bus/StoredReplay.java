package dev.events.bus;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.events.EventStoreException;
import dev.events.Replay;
import dev.events.ReplayInfo;
import dev.events.ReplayInfo.State;
import dev.events.store.Replays;

/**
 * A replay in a store. Nobody tells a node when another one has completed it, so whoever
 * waits asks from time to time.
 */
final class StoredReplay implements Replay {

	// how long to wait before asking again: longer and longer, for some replays take
	// hours
	private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

	private static final Duration LAST_PAUSE = Duration.ofSeconds(1);

	private static final Duration FOR_EVER = Duration.ofDays(36500);

	private final UUID id;

	private final String subscription;

	private final Replays replays;

	private final Runnable onChange;

	StoredReplay(UUID id, String subscription, Replays replays, Runnable onChange) {
		this.id = id;
		this.subscription = subscription;
		this.replays = replays;
		this.onChange = onChange;
	}

	@Override
	public UUID id() {
		return this.id;
	}

	@Override
	public String subscription() {
		return this.subscription;
	}

	@Override
	public ReplayInfo info() {
		return this.replays.find(this.id)
			.map(StoredReplays::info)
			.orElseThrow(() -> new IllegalStateException(
					"Replay " + this.id + " of subscription '" + this.subscription + "' is not known any more"));
	}

	@Override
	public boolean pause() {
		return change(Set.of(State.RUNNING), State.PAUSED);
	}

	@Override
	public boolean resume() {
		return change(Set.of(State.PAUSED), State.RUNNING);
	}

	@Override
	public boolean cancel() {
		return change(Set.of(State.RUNNING, State.PAUSED), State.CANCELLED);
	}

	private boolean change(Set<State> from, State to) {
		boolean changed = this.replays.change(this.id, from, to);
		if (changed) {
			this.onChange.run();
		}
		return changed;
	}

	@Override
	public boolean await(Duration timeout) throws InterruptedException {
		CompletableFuture<State> completion = new CompletableFuture<>();
		askUntilDone(completion, timeout);
		try {
			return completion.getNow(null) != null;
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	/** By a thread of its own: asking the store would hold up those that all share. */
	@Override
	public CompletableFuture<State> completion() {
		CompletableFuture<State> completion = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				askUntilDone(completion, FOR_EVER);
			}
			catch (InterruptedException ex) {
				completion.completeExceptionally(ex);
			}
		}, "events-replay-" + this.id);
		thread.setDaemon(true);
		thread.start();
		return completion;
	}

	/** Returns when the replay has ended, somebody has cancelled, or the time is over. */
	private void askUntilDone(CompletableFuture<State> completion, Duration timeout) throws InterruptedException {
		long started = System.nanoTime();
		long patience = TimeUnit.NANOSECONDS.convert(timeout);
		long pause = FIRST_PAUSE.toNanos();
		while (!isDone(completion)) {
			long left = patience - (System.nanoTime() - started);
			if (left <= 0 || isDone(completion, Math.min(pause, left))) {
				return;
			}
			pause = Math.min(pause + pause / 8, LAST_PAUSE.toNanos());
		}
	}

	private boolean isDone(CompletableFuture<State> completion) {
		if (completion.isDone()) {
			return true;
		}
		try {
			State state = info().state();
			return state.isFinal() && completion.complete(state);
		}
		catch (EventStoreException ex) {
			// it may be reachable again
			return false;
		}
		catch (RuntimeException ex) {
			completion.completeExceptionally(ex);
			return true;
		}
	}

	/** Whether somebody else has completed it within that time. */
	private static boolean isDone(CompletableFuture<State> completion, long nanos) throws InterruptedException {
		try {
			completion.get(nanos, TimeUnit.NANOSECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException | CancellationException ex) {
			return true;
		}
	}

}
