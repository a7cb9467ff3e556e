package pl.egito.bench

import pl.egito.Egito
import pl.egito.decode

private const val PAGE = 1_000

/** The SDK, as a program uses it. */
class Ours(settings: String) : Contestant {
    private val egito = Egito.fromJson(settings)
    private val accounts = egito.accounts

    override fun get(id: Long): Map<String, Any?> = accounts.get(id)

    override fun create(record: Map<String, Any?>): Long = accounts.create(record).toLong()

    override fun list(): List<Map<String, Any?>> = accounts.list(pageSize = PAGE).toList()

    override fun objects(): List<Account> = accounts.list(pageSize = PAGE).map { it.decode<Account>() }

    override fun close() = egito.close()
}
