package dev.events.aggregation;

import java.time.Duration;
import java.util.List;

import dev.events.Aggregation;
import dev.events.EventStoreException;
import dev.events.encryption.EventEncryption;
import dev.events.store.ProcessRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the windows of one aggregation whose time is over, and forgets events that cannot
 * come again. Each node looks for its share; the commit lets one of them do it, and
 * nobody when an event was faster. For one thread at a time.
 * <p>
 * Invariant: a window stays due until its result is published, so none is lost whoever
 * dies. One that fails is put off, so that it does not keep others from being found.
 */
final class WindowDeadlines {

	private static final Logger logger = LoggerFactory.getLogger(WindowDeadlines.class);

	private static final int MAX_MESSAGE = 500;

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

	private final Aggregation<?, ?> aggregation;

	private final WindowCommits<?, ?> commits;

	WindowDeadlines(Aggregation<?, ?> aggregation, WindowCommits<?, ?> commits) {
		this.aggregation = aggregation;
		this.commits = commits;
	}

	/** Does what is due. */
	void sweep(List<ProcessRecord> due) {
		for (ProcessRecord known : due) {
			WindowData data;
			try {
				data = WindowData.read(known.state().data());
			}
			catch (IllegalStateException ex) {
				this.commits.putOff(known, known.state().data(), LONGEST_DELAY);
				continue;
			}
			if (data.window() != null) {
				end(known, data);
			}
			else {
				this.commits.forget(known, data);
			}
		}
	}

	private void end(ProcessRecord known, WindowData data) {
		try {
			this.commits.end(known, data);
		}
		catch (EventStoreException ex) {
			// nothing is wrong with the window
			throw ex;
		}
		catch (Exception | LinkageError ex) {
			failed(known, data, ex);
		}
		finally {
			// nobody interrupts this thread but code of users, which must not end the
			// sweep
			Thread.interrupted();
		}
	}

	private void failed(ProcessRecord known, WindowData data, Throwable error) {
		int failures = data.failures() + 1;
		Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(failures - 1, 20));
		delay = (delay.compareTo(LONGEST_DELAY) < 0) ? delay : LONGEST_DELAY;
		if (failures == 1) {
			// without the message, which may quote what was gathered
			logger.warn(
					"A window of aggregation '{}' has ended, but its result could not be published because of {}; "
							+ "that is tried again until it succeeds",
					this.aggregation.name(), error.getClass().getName());
		}
		this.commits.putOff(known, new WindowData(data.window(), data.added(), message(data, error), failures).write(),
				delay);
	}

	/** Messages may quote data, so there is none where something of it is encrypted. */
	private static String message(WindowData data, Throwable error) {
		boolean secret = data.window() != null && data.window().metadata().containsKey(EventEncryption.METADATA);
		String message = secret ? error.getClass().getName() : error.toString().replace('\0', ' ');
		return (message.length() > MAX_MESSAGE) ? message.substring(0, MAX_MESSAGE) : message;
	}

}
