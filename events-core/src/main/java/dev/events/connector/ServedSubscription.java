package dev.events.connector;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;

import dev.events.InvalidSubscriptionException;
import dev.events.delivery.DeliveryEngine;
import dev.events.store.SubscriptionRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stored subscription on this node. Thread-safe.
 * <p>
 * Invariant: changes happen one after the other, each beginning when the one before is
 * complete, so that at most one connection of a subscription is in use; the last wish
 * wins.
 */
final class ServedSubscription {

	private static final Logger logger = LoggerFactory.getLogger(ServedSubscription.class);

	private final String id;

	private final Connectors connectors;

	private final DeliveryEngine engine;

	private final Executor executor;

	private final ConnectorContextFactory contexts;

	// guarded by this
	private @Nullable SubscriptionRecord wanted;

	// guarded by this
	private boolean changing;

	// what was tried last; only touched while changing
	private @Nullable SubscriptionRecord tried;

	// only touched while changing
	private Connectors.@Nullable Connected connected;

	// the problem that was logged last; only touched while changing
	private @Nullable String told;

	private volatile @Nullable EventConnection connection;

	private volatile @Nullable String problem;

	private volatile boolean retryable;

	ServedSubscription(String id, Connectors connectors, DeliveryEngine engine, Executor executor,
			ConnectorContextFactory contexts) {
		this.id = id;
		this.connectors = connectors;
		this.engine = engine;
		this.executor = executor;
		this.contexts = contexts;
	}

	/**
	 * Serves the subscription as this record says, or not at all. Returns at once.
	 */
	synchronized void want(@Nullable SubscriptionRecord record) {
		this.wanted = record;
		if (!this.changing) {
			this.changing = true;
			this.executor.execute(this::change);
		}
	}

	/** Whether a wish is not fulfilled yet. */
	synchronized boolean isChanging() {
		return this.changing;
	}

	/** What is wrong with it, or {@code null}. */
	@Nullable String problem() {
		return this.problem;
	}

	/** Whether it is worth trying again without a change of the record. */
	boolean isRetryable() {
		return this.retryable;
	}

	/** Whether nothing of it is left here. */
	synchronized boolean isOver() {
		return !this.changing && this.wanted == null;
	}

	Map<String, Object> details() {
		EventConnection current = this.connection;
		return (current != null) ? current.details() : Map.of();
	}

	/** Whatever happens, the next change can begin. */
	private void change() {
		try {
			changeAsWanted();
		}
		catch (Throwable ex) {
			logger.error("Subscription '{}' could not be changed on this node; will try again", this.id, ex);
			synchronized (this) {
				this.problem = "It could not be changed: " + ex.getClass().getName() + "; see the log";
				this.retryable = true;
				this.changing = false;
			}
		}
	}

	private void changeAsWanted() {
		while (true) {
			SubscriptionRecord next;
			synchronized (this) {
				next = this.wanted;
				if (isSame(next, this.tried) && !this.retryable) {
					this.changing = false;
					return;
				}
				this.retryable = false;
			}
			this.tried = next;
			disconnect();
			if (next != null) {
				connect(next);
			}
			synchronized (this) {
				if (this.retryable && isSame(this.wanted, this.tried)) {
					// the keeper comes again
					this.changing = false;
					return;
				}
			}
		}
	}

	private static boolean isSame(@Nullable SubscriptionRecord a, @Nullable SubscriptionRecord b) {
		return Objects.equals(essence(a), essence(b));
	}

	/** What a connection depends on. */
	private static @Nullable List<@Nullable Object> essence(@Nullable SubscriptionRecord record) {
		if (record == null) {
			return null;
		}
		return java.util.Arrays.asList(record.patterns(), record.subscriberType(), record.config(),
				record.organization(), record.hasPossiblePartitions());
	}

	private void disconnect() {
		Connectors.Connected current = this.connected;
		if (current != null) {
			this.connected = null;
			this.connection = null;
			this.engine.remove(this.id);
			Throwable error = current.close();
			if (error != null) {
				logger.warn("The connection of subscription '{}' could not be closed", this.id, error);
			}
		}
		this.problem = null;
	}

	private void connect(SubscriptionRecord record) {
		Connectors.Connected starting = null;
		try {
			starting = this.connectors.connect(record, this.contexts.context(record));
			this.connection = starting.connection();
			this.engine.addStored(this.id, starting.subscriber());
			this.connected = starting;
			this.told = null;
			logger.debug("Subscription '{}' is served", this.id);
		}
		catch (InvalidSubscriptionException | InvalidConfigException ex) {
			String problem = String.valueOf(ex.getMessage());
			broken(problem, starting);
			// it is valid: that its id is in use here, or its row is gone, can change
			// without
			// a change of the row that we would see
			this.retryable = starting != null;
			if (!problem.equals(this.told)) {
				this.told = problem;
				logger.warn("Subscription '{}' is not served by this node: {}", this.id, problem);
			}
		}
		catch (RuntimeException | Error ex) {
			// its message may quote the configuration
			broken("It could not be connected: " + ex.getClass().getName() + "; see the log", starting);
			this.retryable = true;
			logger.warn("Subscription '{}' could not be connected; will try again until it succeeds", this.id, ex);
		}
	}

	private void broken(String problem, Connectors.@Nullable Connected starting) {
		this.problem = problem;
		this.connection = null;
		if (starting != null) {
			starting.close();
		}
	}

	/**
	 * Makes contexts.
	 */
	interface ConnectorContextFactory {

		ConnectorContext context(SubscriptionRecord record);

	}

}
