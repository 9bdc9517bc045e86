package dev.events.spring.connector.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.events.connector.InvalidConfigException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.InetAddressFilter;

/**
 * Reads URLs of receivers. What a name stands for is not looked up here: that is decided
 * when a connection is made, with the very address that is connected to.
 */
final class WebhookUrl {

	private static final String FIELD = "url";

	private static final String MASK = "******";

	private static final int MAX_LENGTH = 2000;

	// what some software takes for an address: 2130706433, 0x7f.1, 127.1, 0177.0.0.1
	private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");

	private static final Pattern PLAIN_IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

	private WebhookUrl() {
	}

	/**
	 * Reads a URL.
	 * @throws InvalidConfigException when webhooks cannot be sent there
	 */
	static URI parse(@Nullable String text, boolean allowHttp, InetAddressFilter addresses) {
		require(text != null && !text.isBlank(), "is missing");
		String given = String.valueOf(text);
		require(given.length() <= MAX_LENGTH, "is longer than " + MAX_LENGTH + " characters");
		URI url = uri(given);
		String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
		require(scheme.equals("https") || scheme.equals("http"), "must begin with https://");
		require(scheme.equals("https") || allowHttp,
				"must begin with https://, unless the application allows others (events.webhook.allow-http)");
		String host = url.getHost();
		require(host != null && !host.isEmpty(),
				"has no host that can be used; write names in ASCII (xn--…) and addresses as 192.0.2.1 or [2001:db8::1]");
		require(url.getRawUserInfo() == null, "must not have a user name or password; use headers");
		require(url.getRawFragment() == null, "must not have a part after #");
		require(url.getPort() == -1 || url.getPort() >= 1 && url.getPort() <= 65535, "has a port that is not possible");
		requireAddress(String.valueOf(host), addresses);
		return url;
	}

	private static URI uri(String text) {
		try {
			return new URI(text);
		}
		catch (URISyntaxException ex) {
			throw new InvalidConfigException(FIELD, "is not a URL; write https://shop.example.org/hooks");
		}
	}

	private static void requireAddress(String host, InetAddressFilter addresses) {
		boolean allowed = true;
		String name = host.toLowerCase(Locale.ROOT);
		if (name.equals("localhost") || name.endsWith(".localhost")) {
			allowed = addresses.matches(InetAddress.getLoopbackAddress());
		}
		else if (name.startsWith("[") || NUMERIC.matcher(name).matches()) {
			require(name.startsWith("[") && !name.contains("%") || PLAIN_IPV4.matcher(name).matches(),
					"must have its address written as 192.0.2.1 or [2001:db8::1]");
			allowed = addresses.matches(literal(name));
		}
		require(allowed, "must not lead to this machine or into a private network, unless the application allows it "
				+ "(events.webhook.allowed-networks)");
	}

	private static InetAddress literal(String address) {
		try {
			return InetAddress.getByName(address);
		}
		catch (UnknownHostException ex) {
			throw new InvalidConfigException(FIELD, "has an address that is not possible");
		}
	}

	private static void require(boolean condition, String problem) {
		InvalidConfigException.require(condition, FIELD, problem);
	}

	/** What may be shown of a URL, which need not be a valid one. */
	static String shown(String text) {
		URI url;
		try {
			url = new URI(text);
		}
		catch (URISyntaxException ex) {
			return MASK;
		}
		if (url.getScheme() == null || url.getHost() == null) {
			return MASK;
		}
		String origin = url.getScheme() + "://" + ((url.getRawUserInfo() != null) ? MASK + "@" : "") + url.getHost()
				+ ((url.getPort() != -1) ? ":" + url.getPort() : "");
		boolean bare = (url.getRawPath() == null || url.getRawPath().length() <= 1) && url.getRawQuery() == null
				&& url.getRawFragment() == null;
		return bare ? origin : origin + "/" + MASK;
	}

	/** Where a URL leads, without what may be a secret: path and query. */
	static String origin(URI url) {
		return url.getScheme() + "://" + url.getRawAuthority();
	}

}
