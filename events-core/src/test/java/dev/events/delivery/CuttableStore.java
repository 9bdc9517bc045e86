package dev.events.delivery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.EventStoreException;
import dev.events.store.Cursors;
import dev.events.store.Deliveries;
import dev.events.store.EventLog;
import dev.events.store.EventStore;
import dev.events.store.ForwardingStore;
import dev.events.store.Nodes;
import dev.events.store.Replays;
import dev.events.store.Schedule;
import dev.events.store.SubscriptionRegistry;

/**
 * One node's view of a shared store, which can be cut off: then every call fails, as if
 * the network were gone, while the node goes on running and its leases run out.
 */
public final class CuttableStore extends ForwardingStore {

	private final AtomicBoolean cut = new AtomicBoolean();

	public CuttableStore(EventStore store) {
		super(store);
	}

	public void cut(boolean cut) {
		this.cut.set(cut);
	}

	private <T> T cuttable(Class<T> type, T part) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				if (this.cut.get()) {
					throw new EventStoreException("cut off", null);
				}
				try {
					return method.invoke(part, args);
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

	@Override
	public EventLog log() {
		return cuttable(EventLog.class, super.log());
	}

	@Override
	public Schedule schedule() {
		return cuttable(Schedule.class, super.schedule());
	}

	@Override
	public SubscriptionRegistry subscriptions() {
		return cuttable(SubscriptionRegistry.class, super.subscriptions());
	}

	@Override
	public Cursors cursors() {
		return cuttable(Cursors.class, super.cursors());
	}

	@Override
	public Deliveries deliveries() {
		return cuttable(Deliveries.class, super.deliveries());
	}

	@Override
	public Replays replays() {
		return cuttable(Replays.class, super.replays());
	}

	@Override
	public Nodes nodes() {
		return cuttable(Nodes.class, super.nodes());
	}

}
