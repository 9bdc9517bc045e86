package dev.events.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A durable subscription as it is stored.
 *
 * @param id unique id
 * @param patterns event types or patterns (stored in one column, joined by commas)
 * @param subscriberType kind of subscriber, for example {@code method} or {@code handler}
 * @param config JSON object for the kind of subscriber
 * @param active whether events are delivered
 * @param organization organization it is limited to, or {@code null}
 * @param createdFrom who created it, for example {@code code}
 * @param partitions number of partitions
 * @param note why it is not active, or {@code null}
 */
public record SubscriptionRecord(String id, List<String> patterns, String subscriberType, String config, boolean active,
		@Nullable String organization, String createdFrom, int partitions, @Nullable String note) {

	/** Kind of the subscriptions whose subscriber is in the code of the application. */
	public static final String HANDLER = "handler";

	/** Most partitions that a subscription can have. */
	public static final int MAX_PARTITIONS = 1024;

	/** A subscription about which there is nothing to note. */
	public SubscriptionRecord(String id, List<String> patterns, String subscriberType, String config, boolean active,
			@Nullable String organization, String createdFrom, int partitions) {
		this(id, patterns, subscriberType, config, active, organization, createdFrom, partitions, null);
	}

	/** Whether it is served by code of the application, and not by a connector. */
	public boolean isHandler() {
		return this.subscriberType.equals(HANDLER);
	}

	/**
	 * Whether it can be served with so many partitions: anybody can write into a row, and
	 * a node must not die of what stands there.
	 */
	public boolean hasPossiblePartitions() {
		return this.partitions >= 1 && this.partitions <= MAX_PARTITIONS;
	}

	/** The same, but active or not, with a note. */
	public SubscriptionRecord withActive(boolean active, @Nullable String note) {
		return new SubscriptionRecord(this.id, this.patterns, this.subscriberType, this.config, active,
				this.organization, this.createdFrom, this.partitions, note);
	}

	/** This one as it is after it was changed into another: who created it stays. */
	public SubscriptionRecord changedTo(SubscriptionRecord other) {
		return new SubscriptionRecord(this.id, other.patterns, other.subscriberType, other.config, this.active,
				other.organization, this.createdFrom, other.partitions, this.note);
	}

	/** Without the configuration, which may hold secrets. */
	@Override
	public String toString() {
		return "SubscriptionRecord[id=" + this.id + ", patterns=" + this.patterns + ", subscriberType="
				+ this.subscriberType + ", active=" + this.active + ", organization=" + this.organization
				+ ", createdFrom=" + this.createdFrom + ", partitions=" + this.partitions + ", note=" + this.note + "]";
	}

}
