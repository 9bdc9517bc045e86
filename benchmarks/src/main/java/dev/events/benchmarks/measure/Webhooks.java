package dev.events.benchmarks.measure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import dev.events.benchmarks.Options;
import dev.events.benchmarks.contender.Contender;
import dev.events.benchmarks.contender.Entrant;
import dev.events.benchmarks.contender.Entrant.Ability;
import dev.events.benchmarks.contender.Setup;
import dev.events.benchmarks.contender.Setup.Role;
import dev.events.benchmarks.contender.Sink;
import dev.events.benchmarks.report.Figures;
import dev.events.benchmarks.server.BenchmarkDatabase;

/**
 * How fast a backlog reaches one healthy receiver of webhooks; beside it, how fast as
 * many threads post bodies of that size without a bus, which is what client and receiver
 * can do.
 */
final class Webhooks implements Measurement {

	private static final long PATIENCE = 300_000_000_000L;

	// the default, so as many calls run at the same time
	private static final int PARTITIONS = 4;

	private static final int BODY = 640;

	@Override
	public String name() {
		return "webhook";
	}

	@Override
	public String title() {
		return "Backlog, posted to one receiver on the same machine, " + PARTITIONS + " calls at a time";
	}

	@Override
	public boolean admits(Entrant entrant) {
		return entrant.abilities().contains(Ability.WEBHOOKS);
	}

	@Override
	public void run(Entrant entrant, BenchmarkDatabase database, Options options, Figures figures) {
		direct(options.warmup());
		figures.add("posted directly", "events/s", direct(options.duration()));
		int events = options.backlog() / 5;
		Sink sink = new Sink();
		try (WebhookReceiver receiver = new WebhookReceiver(sink);
				Contender contender = entrant.start(new Setup(database, Role.PUBLISHER, 1, sink))) {
			contender.webhook(receiver.url(), false);
			Load.backlog(contender, events);
			contender.webhook(receiver.url(), true);
			long deadline = System.nanoTime() + PATIENCE;
			sink.await(1, deadline);
			long first = sink.handled();
			long start = System.nanoTime();
			if (!sink.await(events, deadline)) {
				figures.note(entrant.name() + " had posted " + sink.handled() + " of " + events);
			}
			figures.add(entrant.name(), "events/s",
					(sink.handled() - first) * 1e9 / Math.max(1, System.nanoTime() - start));
		}
	}

	private static double direct(Duration duration) {
		Sink sink = new Sink();
		try (WebhookReceiver receiver = new WebhookReceiver(sink)) {
			HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
			HttpRequest request = HttpRequest.newBuilder(URI.create(receiver.url()))
				.POST(HttpRequest.BodyPublishers.ofByteArray(new byte[BODY]))
				.build();
			long start = System.nanoTime();
			long posted = Load.inParallel(PARTITIONS, () -> {
				long count = 0;
				while (System.nanoTime() - start < duration.toNanos()) {
					count += post(client, request);
				}
				return count;
			});
			return posted * 1e9 / (System.nanoTime() - start);
		}
	}

	private static int post(HttpClient client, HttpRequest request) {
		try {
			client.send(request, HttpResponse.BodyHandlers.discarding());
			return 1;
		}
		catch (IOException ex) {
			return 0; // its connection was closed just then
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
