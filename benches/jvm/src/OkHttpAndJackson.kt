package pl.egito.bench

import com.fasterxml.jackson.databind.JavaType
import com.fasterxml.jackson.module.kotlin.jacksonObjectMapper
import com.fasterxml.jackson.module.kotlin.jacksonTypeRef
import okhttp3.FormBody
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody

private const val PAGE = 1_000

/** The client that people write by hand: one login, then one request after the other. */
class OkHttpAndJackson(settings: Map<String, Any?>) : Contestant {
    private val http = OkHttpClient()
    private val mapper = jacksonObjectMapper()
    private val map = mapper.readerFor(jacksonTypeRef<Map<String, Any?>>())
    private val base = settings["base_url"] as String
    private val token: String

    init {
        val form = FormBody.Builder().add("grant_type", "password")
        for (name in listOf("client_id", "client_secret", "username", "password")) form.add(name, settings[name] as String)
        val request = Request.Builder().url("$base/oauth/token").post(form.build()).build()
        token = map.readValue<Map<String, Any?>>(bodyOf(request)).getValue("access_token") as String
    }

    override fun get(id: Long): Map<String, Any?> = map.readValue(bodyOf(request("get?id=$id").build()))

    override fun create(record: Map<String, Any?>): Long {
        val body = mapper.writeValueAsBytes(record).toRequestBody("application/json".toMediaType())
        val response: Map<String, Any?> = map.readValue(bodyOf(request("create").post(body).build()))
        return (response["id"] as Number).toLong()
    }

    override fun list(): List<Map<String, Any?>> = all(mapper.constructType(jacksonTypeRef<Map<String, Any?>>()))

    override fun objects(): List<Account> = all(mapper.constructType(jacksonTypeRef<Account>()))

    /** Reads all pages. A page is an array, or an object with the array `list`. */
    private fun <T> all(type: JavaType): List<T> {
        val array = mapper.readerFor(mapper.typeFactory.constructCollectionType(List::class.java, type))
        val inObject = array.at("/list")
        val records = mutableListOf<T>()
        while (true) {
            val body = bodyOf(request("list?sort=id&order=asc&max=$PAGE&offset=${records.size}").build())
            val page: List<T> = (if (body[0] == '['.code.toByte()) array else inObject).readValue(body)
            if (page.isEmpty()) return records
            records += page
        }
    }

    private fun request(path: String) = Request.Builder()
        .url("$base/services/restapi/json/Account/$path")
        .header("Authorization", "Bearer $token")
        .header("Accept", "application/json")

    private fun bodyOf(request: Request): ByteArray = http.newCall(request).execute().use { response ->
        check(response.isSuccessful) { "HTTP ${response.code}" }
        response.body.bytes()
    }

    override fun close() {
        http.dispatcher.executorService.shutdown()
        http.connectionPool.evictAll()
    }
}
