package dev.events.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.events.EventStoreException;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads older parts of the log for workers that lag, in pages that several of them can
 * share: workers at about the same place read each page once. While one is being handled
 * the next is read. Thread-safe; no lock is held while the store is read.
 */
final class LogPages {

	private static final Logger logger = LoggerFactory.getLogger(LogPages.class);

	private static final int MAX_PAGES = 32;

	private static final long MAX_WEIGHT = 32L * 1024 * 1024;

	private final Reader reader;

	private final Executor ahead;

	private final PageLimit limit;

	// by the position they begin after, least recently used first
	private final Map<Long, Page> pages = new LinkedHashMap<>(16, 0.75f, true);

	private final Map<Long, CompletableFuture<Page>> loading = new LinkedHashMap<>();

	private long weight;

	/**
	 * Creates an empty cache.
	 * @param ahead reads the page behind one that is asked for, or drops the task when it
	 * cannot do so now
	 */
	LogPages(Reader reader, int pageSize, Executor ahead) {
		this.reader = reader;
		this.ahead = ahead;
		this.limit = new PageLimit(pageSize);
	}

	/**
	 * What comes after a position, as far as one page goes.
	 * @param settled no further than this, which is settled
	 */
	LogSlice after(long position, long settled) throws InterruptedException {
		Page page = page(position, settled);
		if (page.isFull && page.upTo < settled && page.used.compareAndSet(false, true)) {
			this.ahead.execute(() -> readAhead(page.upTo, settled));
		}
		return page.after(position);
	}

	private Page page(long position, long settled) throws InterruptedException {
		CompletableFuture<Page> future;
		boolean mine = false;
		int limit;
		synchronized (this) {
			Page cached = find(position);
			if (cached != null) {
				return cached;
			}
			limit = this.limit.get();
			CompletableFuture<Page> running = this.loading.get(position);
			if (running != null) {
				future = running;
			}
			else {
				future = new CompletableFuture<>();
				this.loading.put(position, future);
				mine = true;
			}
		}
		return mine ? load(position, settled, limit, future) : await(future);
	}

	/** Whoever needs the page finds it, waits for it, or reads it when this fails. */
	private void readAhead(long position, long settled) {
		CompletableFuture<Page> future = new CompletableFuture<>();
		int limit;
		synchronized (this) {
			if (find(position) != null || this.loading.putIfAbsent(position, future) != null) {
				return;
			}
			limit = this.limit.get();
		}
		try {
			load(position, settled, limit, future);
		}
		catch (RuntimeException ex) {
			logger.debug("The log could not be read ahead", ex);
		}
	}

	private Page load(long position, long settled, int limit, CompletableFuture<Page> future) {
		try {
			List<StoredEvent> events = this.reader.read(position, settled, limit);
			boolean full = events.size() >= limit;
			long upTo = full ? events.get(events.size() - 1).position() : settled;
			Page page = new Page(position, upTo, full, events.stream().map(LogEntry::new).toList());
			this.limit.read(page.entries);
			synchronized (this) {
				keep(page);
				this.loading.remove(position);
			}
			future.complete(page);
			return page;
		}
		catch (RuntimeException | Error ex) {
			this.limit.failed();
			synchronized (this) {
				this.loading.remove(position);
			}
			future.completeExceptionally(ex);
			throw ex;
		}
	}

	private static Page await(CompletableFuture<Page> future) throws InterruptedException {
		try {
			return future.get();
		}
		catch (java.util.concurrent.ExecutionException | CompletionException ex) {
			throw new EventStoreException("The log could not be read", ex.getCause());
		}
	}

	private @Nullable Page find(long position) {
		for (Page page : this.pages.values()) {
			if (page.after <= position && position < page.upTo) {
				return this.pages.get(page.after);
			}
		}
		return null;
	}

	private void keep(Page page) {
		Page replaced = this.pages.put(page.after, page);
		this.weight += page.weight - ((replaced != null) ? replaced.weight : 0);
		var oldest = this.pages.values().iterator();
		while ((this.pages.size() > MAX_PAGES || this.weight > MAX_WEIGHT) && this.pages.size() > 1) {
			this.weight -= oldest.next().weight;
			oldest.remove();
		}
	}

	/**
	 * Reads from the log.
	 */
	interface Reader {

		/**
		 * Events with {@code after < position <= upTo}, in order; fewer than the limit
		 * only when there are no more.
		 */
		List<StoredEvent> read(long after, long upTo, int limit);

	}

	private static final class Page {

		private final long after;

		private final long upTo;

		// there may be more behind it
		private final boolean isFull;

		private final List<LogEntry> entries;

		private final long weight;

		// somebody has asked for it
		private final AtomicBoolean used = new AtomicBoolean();

		Page(long after, long upTo, boolean isFull, List<LogEntry> entries) {
			this.after = after;
			this.upTo = upTo;
			this.isFull = isFull;
			this.entries = entries;
			this.weight = entries.stream().mapToLong(LogEntry::weight).sum() + 1024;
		}

		LogSlice after(long position) {
			int from = 0;
			while (from < this.entries.size() && this.entries.get(from).position() <= position) {
				from++;
			}
			return new LogSlice(this.entries.subList(from, this.entries.size()), this.upTo);
		}

	}

}
