package dev.events.spring.connector.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.events.connector.InvalidConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a webhook. Immutable.
 *
 * @param url where events are sent
 * @param secret secret that signs, {@code whsec_} and Base64
 * @param secrets secrets that sign, in place of one: the receiver may use any of them
 * @param format what is sent; {@code null} for {@code cloudevents}
 * @param headers further headers
 * @param timeout how long a call may take in all
 * @param suspendAfter how long the receiver must have failed without interruption before
 * the subscription is paused
 */
public record WebhookConfig(@Nullable String url, @Nullable String secret, @Nullable List<String> secrets,
		@Nullable Format format, @Nullable Map<String, String> headers, @Nullable Duration timeout,
		@Nullable Duration suspendAfter) {

	/** Fields that nobody is shown. */
	static final Set<String> SECRETS = Set.of("secret", "secrets", "headers");

	private static final int MAX_SECRETS = 5;

	private static final int MAX_HEADERS = 20;

	private static final int MAX_VALUE = 4096;

	private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");

	private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");

	// they are the client's, or part of what is signed
	private static final Set<String> RESERVED = Set.of("connection", "content-encoding", "content-length",
			"content-type", "expect", "host", "http2-settings", "keep-alive", "te", "trailer", "transfer-encoding",
			"upgrade");

	/**
	 * Checks what can be checked without the settings of the application.
	 * @throws InvalidConfigException when a field is wrong
	 */
	public WebhookConfig {
		InvalidConfigException.require(secret == null || secrets == null, "secrets",
				"and secret are both there; give one of them");
		InvalidConfigException.require(secret != null || secrets != null, "secret",
				"is missing; webhooks are always signed");
		if (secrets != null) {
			InvalidConfigException.require(!secrets.isEmpty() && secrets.size() <= MAX_SECRETS, "secrets",
					"must have 1 to " + MAX_SECRETS + " secrets");
			InvalidConfigException.require(secrets.stream().allMatch(Objects::nonNull), "secrets",
					"must not have null in it");
			secrets = List.copyOf(secrets);
		}
		if (headers != null) {
			headers = requireHeaders(headers);
		}
		InvalidConfigException.require(
				timeout == null || timeout.toMillis() >= 1 && timeout.compareTo(WebhookSettings.MAX_TIMEOUT) <= 0,
				"timeout", "must be from PT0.001S to PT5M");
		InvalidConfigException.require(suspendAfter == null || suspendAfter.toMillis() >= 1, "suspendAfter",
				"must be a time such as P1D");
	}

	private static Map<String, String> requireHeaders(Map<String, String> headers) {
		InvalidConfigException.require(headers.size() <= MAX_HEADERS, "headers",
				"must not be more than " + MAX_HEADERS);
		headers.forEach((name, value) -> {
			InvalidConfigException.require(NAME.matcher(name).matches(), "headers",
					"has a name that is not possible in HTTP");
			String field = "headers." + name;
			String lower = name.toLowerCase(Locale.ROOT);
			InvalidConfigException.require(!RESERVED.contains(lower) && !lower.startsWith("webhook-")
					&& !lower.startsWith("proxy-") && !lower.startsWith(":"), field, "cannot be set");
			InvalidConfigException.require(
					value != null && value.length() <= MAX_VALUE && VALUE.matcher(value).matches(), field,
					"must be up to " + MAX_VALUE + " printable ASCII characters in one line");
		});
		return Map.copyOf(headers);
	}

	WebhookSignature signature() {
		return (this.secrets != null) ? WebhookSignature.of(this.secrets, "secrets")
				: WebhookSignature.of(List.of(String.valueOf(this.secret)), "secret");
	}

	/** Without secrets. */
	@Override
	public String toString() {
		return "WebhookConfig[format=" + this.format + ", timeout=" + this.timeout + "]";
	}

	/**
	 * What is sent.
	 */
	public enum Format {

		/** A CloudEvent as JSON, with type, key, time and so on beside the data. */
		@JsonProperty("cloudevents")
		CLOUDEVENTS,

		/** The data alone, as JSON. */
		@JsonProperty("data")
		DATA

	}

}
