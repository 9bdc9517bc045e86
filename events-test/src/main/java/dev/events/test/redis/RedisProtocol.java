package dev.events.test.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of the server's protocol as it takes to send one command, so that tests need no
 * client to set up a server.
 */
final class RedisProtocol {

	private static final int TIMEOUT_MILLIS = 5_000;

	private RedisProtocol() {
	}

	static boolean isAnswering(String host, int port) {
		try {
			return execute(host, port, "PING").equals("PONG");
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	static String execute(String host, int port, String... command) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			ByteArrayOutputStream request = new ByteArrayOutputStream();
			request.writeBytes(("*" + command.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
			for (String argument : command) {
				byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
				request.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
				request.writeBytes(bytes);
				request.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
			}
			socket.getOutputStream().write(request.toByteArray());
			return answer(new BufferedInputStream(socket.getInputStream()));
		}
		catch (IOException ex) {
			throw new IllegalStateException("Redis on port " + port + " did not answer: " + ex.getMessage(), ex);
		}
	}

	private static String answer(InputStream in) throws IOException {
		String line = line(in);
		String rest = line.substring(1);
		return switch (line.charAt(0)) {
			case '-' -> throw new IllegalStateException(rest);
			case '$' -> text(in, Integer.parseInt(rest));
			case '*' -> list(in, Integer.parseInt(rest));
			default -> rest;
		};
	}

	private static String text(InputStream in, int length) throws IOException {
		if (length < 0) {
			return "";
		}
		String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
		line(in);
		return text;
	}

	private static String list(InputStream in, int size) throws IOException {
		List<String> items = new ArrayList<>();
		for (int i = 0; i < size; i++) {
			items.add(answer(in));
		}
		return String.join("\n", items);
	}

	private static String line(InputStream in) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		int next = in.read();
		while (next != '\r') {
			if (next < 0) {
				throw new EOFException("The connection was closed");
			}
			line.write(next);
			next = in.read();
		}
		in.read();
		return line.toString(StandardCharsets.UTF_8);
	}

}
