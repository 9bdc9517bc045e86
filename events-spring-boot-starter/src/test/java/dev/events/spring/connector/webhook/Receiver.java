package dev.events.spring.connector.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Receives webhooks over real connections.
 */
final class Receiver implements AutoCloseable {

	static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

	final List<Request> requests = new CopyOnWriteArrayList<>();

	/** Those that were answered with success. */
	final List<Request> taken = new CopyOnWriteArrayList<>();

	/** Released when the receiver is closed, for handlers that do not answer. */
	final CountDownLatch closing = new CountDownLatch(1);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	private volatile Handler handler;

	Receiver(Handler handler) {
		this.handler = handler;
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::handle);
		this.server.start();
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			Request request = new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
					Map.copyOf(exchange.getRequestHeaders()), body, exchange.getRemoteAddress().getPort());
			this.requests.add(request);
			this.handler.handle(exchange);
			if (exchange.getResponseCode() / 100 == 2) {
				this.taken.add(request);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	void answer(Handler handler) {
		this.handler = handler;
	}

	static Handler status(int status, String... headers) {
		return (exchange) -> {
			for (int i = 0; i < headers.length; i += 2) {
				exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
			}
			byte[] body = ("answer " + status).getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(status, (status == 204) ? -1 : body.length);
			if (status != 204) {
				exchange.getResponseBody().write(body);
			}
		};
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	String url() {
		return url("localhost");
	}

	String url(String host) {
		return "http://" + host + ":" + port() + "/hooks?token=hidden-token";
	}

	@Override
	public void close() {
		this.closing.countDown();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	interface Handler {

		void handle(HttpExchange exchange) throws IOException, InterruptedException;

	}

	record Request(String method, String uri, Map<String, List<String>> headers, String body, int port) {

		String header(String name) {
			return this.headers.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().equalsIgnoreCase(name))
				.map((entry) -> String.join(",", entry.getValue()))
				.findFirst()
				.orElse("");
		}

	}

}
