package dev.events.test.store;

import org.junit.jupiter.api.Nested;

/**
 * Every statement of the store SPI as a test. A store passes when a test class that
 * extends this one passes:
 *
 * <pre>{@code
 * class MyEventStoreTests extends EventStoreContract {
 *
 *     &#64;Override
 *     protected StoreFixture fixture() {
 *         return new MyStoreFixture();
 *     }
 *
 * }
 * }</pre>
 */
public abstract class EventStoreContract {

	/** A new fixture with an empty store. Called, and closed again, for every test. */
	protected abstract StoreFixture fixture();

	@Nested
	class Append extends AppendContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Envelope extends EnvelopeContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Follow extends FollowContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Queries extends QueryContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Scheduled extends ScheduleContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Deletion extends DeletionContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Registry extends SubscriptionRegistryContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Repartition extends RepartitionContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Leases extends LeaseContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Checkpoints extends CheckpointContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Changes extends DeliveryChangeContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Due extends DueDeliveryContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class DeadLetterReads extends DeadLetterContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class DeadLetterOperations extends DeadLetterOperationContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class Replaying extends ReplayContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class ReplayedDeliveries extends ReplayedDeliveryContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class MovedCursors extends CursorMoveContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class OpenDeliveries extends OpenDeliveryContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class ProcessStates extends ProcessesContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class RunningNodes extends NodesContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class EventSchemas extends SchemasContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class DataSubjectKeys extends SubjectKeysContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

	@Nested
	class WakingOthers extends WakeupsContract {

		@Override
		StoreFixture fixture() {
			return EventStoreContract.this.fixture();
		}

	}

}
