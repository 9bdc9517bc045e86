package dev.events.bus;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
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
		CompletableFuture<State> completion = completion();
		try {
			completion.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex);
		}
		finally {
			completion.cancel(false);
		}
	}

	@Override
	public CompletableFuture<State> completion() {
		CompletableFuture<State> completion = new CompletableFuture<>();
		look(completion, FIRST_PAUSE);
		return completion;
	}

	private void look(CompletableFuture<State> completion, Duration pause) {
		if (completion.isDone()) {
			return;
		}
		try {
			State state = info().state();
			if (state.isFinal()) {
				completion.complete(state);
				return;
			}
		}
		catch (EventStoreException ex) {
			// it may be reachable again
		}
		catch (RuntimeException ex) {
			completion.completeExceptionally(ex);
			return;
		}
		Duration longer = pause.plus(pause.dividedBy(8));
		Duration next = (longer.compareTo(LAST_PAUSE) < 0) ? longer : LAST_PAUSE;
		Executor later = CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS);
		later.execute(() -> look(completion, next));
	}

}
