package dev.events.delivery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.events.EventStoreException;
import dev.events.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Reads older parts of the log for workers that lag, in pages that several of them can
 * share: workers at about the same place read each page once. Thread-safe; no lock is
 * held while the store is read.
 */
final class LogPages {

	private static final int MAX_PAGES = 32;

	private static final long MAX_WEIGHT = 32L * 1024 * 1024;

	private final Reader reader;

	private final PageLimit limit;

	// by the position they begin after, least recently used first
	private final Map<Long, Page> pages = new LinkedHashMap<>(16, 0.75f, true);

	private final Map<Long, CompletableFuture<Page>> loading = new LinkedHashMap<>();

	private long weight;

	LogPages(Reader reader, int pageSize) {
		this.reader = reader;
		this.limit = new PageLimit(pageSize);
	}

	/**
	 * What comes after a position, as far as one page goes.
	 * @param settled no further than this, which is settled
	 */
	LogSlice after(long position, long settled) throws InterruptedException {
		CompletableFuture<Page> future;
		boolean mine = false;
		int limit;
		synchronized (this) {
			Page cached = find(position);
			if (cached != null) {
				return cached.after(position);
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
		return mine ? load(position, settled, limit, future).after(position) : await(future).after(position);
	}

	private Page load(long position, long settled, int limit, CompletableFuture<Page> future) {
		try {
			List<StoredEvent> events = this.reader.read(position, settled, limit);
			long upTo = (events.size() < limit) ? settled : events.get(events.size() - 1).position();
			Page page = new Page(position, upTo, events.stream().map(LogEntry::new).toList());
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

		private final List<LogEntry> entries;

		private final long weight;

		Page(long after, long upTo, List<LogEntry> entries) {
			this.after = after;
			this.upTo = upTo;
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
