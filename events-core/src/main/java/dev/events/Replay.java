package dev.events;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * A replay that was started, on whichever node it runs. Thread-safe.
 *
 * <pre>{@code
 * Replay replay = events.replay().type("order.*").subscriber("search-index").start();
 * if (!replay.await(Duration.ofMinutes(5))) {
 *     log.info("still {} to go", replay.info().remaining());
 * }
 * }</pre>
 *
 * Changes are effective on return, also inside a transaction of the caller; nodes hear of
 * them within a few seconds, usually at once.
 */
public interface Replay {

	/** Unique id, under which {@link Replays#find} finds it. */
	UUID id();

	/** Id of the subscription. */
	String subscription();

	/**
	 * State and progress now.
	 * @throws IllegalStateException when it is not known any more, because its
	 * subscription was deleted or many more replays of it have been finished since
	 * @throws EventStoreException when the store cannot be reached
	 */
	ReplayInfo info();

	/**
	 * Lets it stand still. Live events of keys that it has still to come to go on
	 * waiting; others do not, until so many wait ({@code max-parked}) that live delivery
	 * of the partition stands still, too.
	 * @return whether it was running
	 */
	boolean pause();

	/**
	 * Lets it go on.
	 * @return whether it was paused
	 */
	boolean resume();

	/**
	 * Ends it for good where it stands. Of its events only those go on that have failed,
	 * or wait behind one that has, for they are stored like any other that has failed.
	 * @return whether it was active
	 */
	boolean cancel();

	/**
	 * Waits until it is completed or cancelled.
	 * @param timeout how long at most
	 * @return whether it is
	 * @throws InterruptedException when the thread is interrupted
	 * @throws IllegalStateException when it is not known any more
	 */
	boolean await(Duration timeout) throws InterruptedException;

	/**
	 * Completes with {@link ReplayInfo.State#COMPLETED} or
	 * {@link ReplayInfo.State#CANCELLED}, or with an {@link IllegalStateException} when
	 * the replay is not known any more. While the store cannot be reached it waits.
	 * Cancelling the future does not cancel the replay.
	 */
	CompletableFuture<ReplayInfo.State> completion();

}
