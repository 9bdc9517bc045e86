package dev.events.bus;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.events.DeadLetter;
import dev.events.DeadLetters;
import dev.events.EventTypeDescriptor;
import dev.events.InvalidEventException;
import dev.events.access.AccessControl;
import dev.events.codec.EventCodec;
import dev.events.encryption.DataWriter.Written;
import dev.events.schema.PublishValidation;
import dev.events.store.Deliveries;
import dev.events.store.DeliveryChange.Failure;
import dev.events.store.EventRecord;
import dev.events.store.StoredDelivery;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of a store.
 */
final class StoredDeadLetters implements DeadLetters {

	private static final int MAX_PAGE = 1000;

	private static final Failure UNKNOWN = new Failure("unknown", null, "");

	private final Deliveries deliveries;

	private final EventCodec codec;

	private final AccessControl access;

	private final PublishValidation validation;

	private final Runnable onRetry;

	/**
	 * Creates a view of them.
	 * @param access says who may edit data: whoever may publish it
	 * @param validation checks data that is edited
	 * @param onRetry called when some may have become due
	 */
	StoredDeadLetters(Deliveries deliveries, EventCodec codec, AccessControl access, PublishValidation validation,
			Runnable onRetry) {
		this.deliveries = deliveries;
		this.codec = codec;
		this.access = access;
		this.validation = validation;
		this.onRetry = onRetry;
	}

	@Override
	public Page list(Filter filter, int size, @Nullable String after) {
		if (size < 1 || size > MAX_PAGE) {
			throw new IllegalArgumentException("size is " + size + "; it must be from 1 to " + MAX_PAGE);
		}
		List<StoredDelivery> stored = this.deliveries.deadLetters(filter, id(after), size + 1);
		boolean more = stored.size() > size;
		List<StoredDelivery> page = more ? stored.subList(0, size) : stored;
		return new Page(page.stream().map(StoredDeadLetters::deadLetter).toList(),
				more ? page.get(page.size() - 1).id().toString() : null);
	}

	private static @Nullable UUID id(@Nullable String after) {
		try {
			return (after != null) ? UUID.fromString(after) : null;
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"'" + after + "' does not come from a page; leave 'after' out for the first page", ex);
		}
	}

	@Override
	public Optional<DeadLetter> find(UUID id) {
		return this.deliveries.findDeadLetter(id).map(StoredDeadLetters::deadLetter);
	}

	@Override
	public long count(Filter filter) {
		return this.deliveries.countDeadLetters(filter);
	}

	@Override
	public boolean retry(UUID id) {
		return retried(this.deliveries.retry(id, null));
	}

	@Override
	@SuppressWarnings("ConstantValue")
	public boolean retry(UUID id, Object data) {
		if (data == null) {
			throw new InvalidEventException("The new data is null; to retry with the stored data, leave it out");
		}
		Optional<StoredDelivery> found = this.deliveries.findDeadLetter(id);
		if (found.isEmpty()) {
			return false;
		}
		EventRecord event = found.get().event();
		requireSameVersion(event, data.getClass());
		Written written = this.codec.write(event.type(), data);
		this.access.checkPublish(EventCodec.raw(event).withData(data));
		this.validation.validate(event.type(), event.version(), written.json());
		String sealed = this.codec.sealData(event, written);
		return retried(this.deliveries.retry(id, sealed));
	}

	/** Upcasters would take data of a class for what the class was in an old version. */
	private void requireSameVersion(EventRecord event, Class<?> dataType) {
		if (EventTypeDescriptor.isEventType(dataType) && !this.codec.isCurrent(event, dataType)) {
			throw new InvalidEventException(("The new data is a %s, which is not that of version %s of event type "
					+ "'%s', in which event %s is stored; give it in that version, as a map for example")
				.formatted(dataType.getName(), event.version(), event.type(), event.id()));
		}
	}

	private boolean retried(boolean any) {
		if (any) {
			this.onRetry.run();
		}
		return any;
	}

	@Override
	public int retryAll(Filter filter) {
		int retried = this.deliveries.retry(filter);
		retried(retried > 0);
		return retried;
	}

	@Override
	public boolean skip(UUID id) {
		return this.deliveries.skip(id);
	}

	@Override
	public boolean discard(UUID id) {
		return this.deliveries.discard(id);
	}

	@Override
	public int discardAll(Filter filter) {
		return this.deliveries.discard(filter);
	}

	private static DeadLetter deadLetter(StoredDelivery stored) {
		Failure failure = (stored.failure() != null) ? stored.failure() : UNKNOWN;
		return new DeadLetter(stored.id(), stored.partition().subscription(), EventCodec.raw(stored.event()),
				stored.attempts(), time(stored.firstFailedAt()), time(stored.lastFailedAt()), failure.type(),
				failure.message(), failure.stack(), stored.holding(), stored.replay());
	}

	private static Instant time(@Nullable Instant time) {
		return (time != null) ? time : Instant.EPOCH;
	}

}
