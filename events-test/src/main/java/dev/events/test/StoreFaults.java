package dev.events.test;

import java.util.EnumMap;
import java.util.Map;

import dev.events.EventStoreException;

/**
 * Which calls of the store are going to fail. Thread-safe.
 */
final class StoreFaults {

	private final Map<StoreCall, Integer> failing = new EnumMap<>(StoreCall.class);

	private final Map<StoreCall, Integer> losing = new EnumMap<>(StoreCall.class);

	synchronized void fail(StoreCall call, int times) {
		this.failing.merge(call, times, Integer::sum);
	}

	synchronized void loseAnswer(StoreCall call, int times) {
		this.losing.merge(call, times, Integer::sum);
	}

	synchronized void clear() {
		this.failing.clear();
		this.losing.clear();
	}

	void before(String part, String method) {
		throwIfTaken(this.failing, part, method, " fails on purpose; nothing was done");
	}

	void after(String part, String method) {
		throwIfTaken(this.losing, part, method, " is done, but its answer is lost on purpose");
	}

	private synchronized void throwIfTaken(Map<StoreCall, Integer> faults, String part, String method, String what) {
		for (Map.Entry<StoreCall, Integer> fault : faults.entrySet()) {
			if (fault.getKey().is(part, method) && fault.getValue() > 0) {
				fault.setValue(fault.getValue() - 1);
				throw new EventStoreException("The store call " + fault.getKey() + what, null);
			}
		}
	}

}
