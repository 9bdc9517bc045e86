package dev.events.redis;

import java.util.UUID;

import dev.events.store.DeliveryChange;
import dev.events.store.EventRecord;
import dev.events.store.PartitionId;
import dev.events.store.ReplayProgress;

/**
 * A delivery change, or the progress of a replay, as arguments of the checkpoint script.
 */
final class ChangeArguments {

	private ChangeArguments() {
	}

	static void add(Arguments arguments, DeliveryChange change) {
		if (change instanceof DeliveryChange.Park park) {
			arguments.add("P");
			add(arguments, park.id(), park.position(), park.event(), park.replay());
			arguments.add(park.attempts()).add(park.retryIn()).add(PackedFailures.pack(park.failure()));
		}
		else if (change instanceof DeliveryChange.Queue queue) {
			arguments.add("Q");
			add(arguments, queue.id(), queue.position(), queue.event(), queue.replay());
		}
		else if (change instanceof DeliveryChange.Bury bury) {
			arguments.add("B");
			add(arguments, bury.id(), bury.position(), bury.event(), bury.replay());
			arguments.add(bury.attempts()).add(bury.holding()).add(PackedFailures.pack(bury.failure()));
		}
		else if (change instanceof DeliveryChange.Defer defer) {
			arguments.add("D").add(defer.position());
		}
		else if (change instanceof DeliveryChange.Complete complete) {
			arguments.add("C").add(complete.position());
		}
		else if (change instanceof DeliveryChange.Release release) {
			arguments.add("R").add(release.position());
		}
	}

	static void add(Arguments arguments, ReplayProgress progress) {
		arguments.add("V")
			.add(progress.replay())
			.add(progress.position())
			.add(progress.handled())
			.add(progress.failed());
	}

	private static void add(Arguments arguments, UUID id, long position, EventRecord event, boolean replay) {
		arguments.add(id)
			.add(position)
			.add(PartitionId.hash(event))
			.addNullable(event.key())
			.add(event.type())
			.add(replay)
			.add(PackedEvents.pack(event));
	}

}
