package dev.events.torture.worker;

/**
 * Makes publishers that suit the store.
 */
interface PublisherFactory {

	/**
	 * Makes one.
	 * @param number different for each in this JVM, from 0
	 */
	Publisher create(int number);

}
