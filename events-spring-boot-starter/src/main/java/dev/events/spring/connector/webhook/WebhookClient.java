package dev.events.spring.connector.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsHttpClientBuilder;
import org.springframework.boot.http.client.HttpCookieHandling;
import org.springframework.boot.http.client.HttpRedirects;

/**
 * Sends webhooks. Thread-safe.
 * <p>
 * A call is made by a thread of its own, so that its caller can be interrupted and leaves
 * at the end of its time whatever the network does; the call is cancelled then, which
 * closes its connection. Connections are kept by host, without a common limit: their
 * number is that of the deliveries that run, and a slow host takes none from another.
 * <p>
 * Why an address cannot change after it was checked: the client asks the filtered
 * resolver for the addresses that it connects to, and no other. Proxies are not used, for
 * they would resolve names themselves.
 */
final class WebhookClient implements AutoCloseable {

	private static final int EXCERPT = 1024;

	// longer answers cost their connection
	private static final int MAX_BODY = 64 * 1024;

	private final CloseableHttpClient client;

	private final ExecutorService executor;

	WebhookClient(WebhookSettings settings, DnsResolver resolver) {
		this.client = new HttpComponentsHttpClientBuilder().withDnsResolver(resolver)
			.withConnectionManagerCustomizer(
					(connections) -> connections.setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
						.setMaxConnPerRoute(Integer.MAX_VALUE)
						.setMaxConnTotal(Integer.MAX_VALUE))
			.withConnectionConfigCustomizer(
					(connection) -> connection.setValidateAfterInactivity(TimeValue.ofSeconds(1))
						.setTimeToLive(TimeValue.ofMinutes(5)))
			.withDefaultRequestConfigCustomizer(
					(request) -> request.setAuthenticationEnabled(false).setProtocolUpgradeEnabled(false))
			.withCustomizer(WebhookClient::customize)
			.build(HttpClientSettings.defaults()
				.withRedirects(HttpRedirects.DONT_FOLLOW)
				.withCookieHandling(HttpCookieHandling.DISABLE)
				.withTimeouts(settings.connectTimeout(), settings.readTimeout())
				.withInetAddressFilter(settings.addresses()));
		AtomicInteger threads = new AtomicInteger();
		this.executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, "events-webhook-" + threads.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				});
	}

	private static void customize(HttpClientBuilder client) {
		client.setRoutePlanner(new DefaultRoutePlanner(null))
			.setUserAgent("Events-Webhook/1")
			.disableAutomaticRetries()
			.disableRedirectHandling()
			.disableCookieManagement()
			.disableAuthCaching()
			.disableContentCompression()
			.evictExpiredConnections()
			.evictIdleConnections(TimeValue.ofSeconds(30));
	}

	/**
	 * Sends a request.
	 * @param timeout how long it may take in all
	 * @return what the receiver answered, whatever it is
	 * @throws IOException when there was no answer
	 */
	WebhookAnswer post(URI url, Map<String, String> headers, WebhookBody body, Duration timeout)
			throws IOException, InterruptedException {
		HttpPost request = new HttpPost(url);
		headers.forEach(request::setHeader);
		request.setEntity(new ByteArrayEntity(body.bytes(), ContentType.parse(body.contentType())));
		AtomicReference<WebhookAnswer> seen = new AtomicReference<>();
		Future<WebhookAnswer> call = submit(request, seen);
		try {
			return call.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			request.cancel();
			WebhookAnswer answer = seen.get();
			if (answer != null) {
				return answer; // only the end of its body is missing
			}
			throw new InterruptedIOException("No answer within " + timeout.toMillis() + " ms");
		}
		catch (InterruptedException ex) {
			request.cancel();
			WebhookAnswer answer = seen.get();
			if (answer != null && answer.isSuccess()) {
				return answer;
			}
			throw ex;
		}
		catch (ExecutionException ex) {
			Throwable cause = ex.getCause();
			if (cause instanceof IOException failure) {
				throw failure;
			}
			if (cause instanceof RuntimeException failure) {
				throw failure;
			}
			throw new IOException("The call failed", cause);
		}
	}

	private Future<WebhookAnswer> submit(HttpPost request, AtomicReference<WebhookAnswer> seen) throws IOException {
		try {
			return this.executor.submit(() -> exchange(request, seen));
		}
		catch (RejectedExecutionException ex) {
			throw new IOException("The connector is closed", ex);
		}
	}

	private WebhookAnswer exchange(HttpPost request, AtomicReference<WebhookAnswer> seen) throws IOException {
		ClassicHttpResponse response = this.client.executeOpen(null, request, null);
		boolean complete = false;
		try {
			Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
			WebhookAnswer answer = new WebhookAnswer(response.getCode(),
					(retryAfter != null) ? retryAfter.getValue() : null, "");
			seen.set(answer);
			ResponseBody body = ResponseBody.read(response.getEntity());
			complete = body.complete();
			return answer.withExcerpt(body.excerpt());
		}
		finally {
			if (!complete) {
				// closing alone would read all that is left
				request.cancel();
			}
			closeQuietly(response);
		}
	}

	private static void closeQuietly(ClassicHttpResponse response) {
		try {
			response.close();
		}
		catch (IOException ex) {
			// there is an answer, and its connection is not used again
		}
	}

	@Override
	public void close() throws IOException {
		this.executor.shutdownNow();
		this.client.close();
	}

	/**
	 * Body of an answer.
	 *
	 * @param excerpt its beginning
	 * @param complete whether all of it was read
	 */
	private record ResponseBody(String excerpt, boolean complete) {

		static ResponseBody read(HttpEntity entity) {
			if (entity == null) {
				return new ResponseBody("", true);
			}
			byte[] buffer = new byte[MAX_BODY];
			int length = 0;
			boolean complete = false;
			try {
				InputStream content = entity.getContent();
				while (!complete && length < buffer.length) {
					int read = content.read(buffer, length, buffer.length - length);
					complete = read < 0;
					length += Math.max(0, read);
				}
			}
			catch (IOException ex) {
				// the status is what counts
				complete = false;
			}
			String text = new String(buffer, 0, Math.min(length, EXCERPT), StandardCharsets.UTF_8);
			return new ResponseBody(text.replaceAll("\\p{Cntrl}+", " ").trim(), complete);
		}

	}

}
