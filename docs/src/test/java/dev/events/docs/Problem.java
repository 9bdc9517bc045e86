package dev.events.docs;

/**
 * What is wrong with a page.
 *
 * @param page its path from the root of the project
 * @param line the line, from 1
 * @param message what is wrong there
 */
record Problem(String page, long line, String message) {

	@Override
	public String toString() {
		return this.page + ":" + this.line + ": " + this.message;
	}

}
