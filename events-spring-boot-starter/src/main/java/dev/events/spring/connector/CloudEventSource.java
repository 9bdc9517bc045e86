package dev.events.spring.connector;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The attribute {@code source} of CloudEvents, which must be a URI reference.
 */
public final class CloudEventSource {

	private CloudEventSource() {
	}

	/**
	 * The source of an event as a URI reference: as it is if it is one, else as a path of
	 * one segment or more.
	 */
	public static String of(String source) {
		try {
			return new URI(source).toString();
		}
		catch (URISyntaxException ex) {
			try {
				return new URI(null, null, "/" + source, null).toASCIIString().substring(1);
			}
			catch (URISyntaxException impossible) {
				throw new IllegalStateException("A path can hold any characters", impossible);
			}
		}
	}

}
