using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using StackExchange.Redis;

namespace McpImageGen.Benchmarks;

/// <summary>
/// What one would write without this project: the same work for each job with the bare drivers and nothing around it, in this process. Insert, confirmed
/// publish to a quorum queue, consume, update, request to the provider, decode, S3 upload, update, acknowledge, Redis publish and subscribe. No MCP, no
/// owners, no retries, no leases, no limits.
/// </summary>
internal sealed class BareDrivers : IAsyncDisposable
{
    private const string Queue = "bare-drivers";
    private const string Bucket = "bare-drivers";
    private const string Prompt = "a lighthouse in the storm";

    private static readonly BasicProperties Persistent = new() { DeliveryMode = DeliveryModes.Persistent };
    private static readonly RedisChannel Finished = RedisChannel.Literal("bare-drivers:finished");

    private readonly NpgsqlDataSource _database;
    private readonly IConnection _broker;
    private readonly IChannel _sender;
    private readonly IChannel _receiver;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    private readonly AmazonS3Client _store;
    private readonly ConnectionMultiplexer _redis;
    private readonly Uri _provider;
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = [];

    private BareDrivers(NpgsqlDataSource database, IConnection broker, IChannel sender, IChannel receiver, AmazonS3Client store, ConnectionMultiplexer redis, Uri provider) =>
        (_database, _broker, _sender, _receiver, _store, _redis, _provider) = (database, broker, sender, receiver, store, redis, provider);

    public static async Task<BareDrivers> StartAsync(string database, string broker, string redis, Stubs stubs)
    {
        var source = new NpgsqlDataSourceBuilder(database + ";Maximum Pool Size=64;Max Auto Prepare=20;Auto Prepare Min Usages=2").Build();
        await using (var create = source.CreateCommand("""
            DROP TABLE IF EXISTS bare_jobs;
            CREATE TABLE bare_jobs (id uuid PRIMARY KEY, owner text NOT NULL, prompt text NOT NULL, model text NOT NULL, status text NOT NULL,
                image_key text, created_at bigint NOT NULL, updated_at bigint NOT NULL);
            CREATE INDEX bare_jobs_owner ON bare_jobs (owner, id);
            """))
        {
            await create.ExecuteNonQueryAsync();
        }

        var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        var sender = await connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(4096)));
        var receiver = await connection.CreateChannelAsync(new CreateChannelOptions(false, false, consumerDispatchConcurrency: Throughput.WorkerConcurrency));
        var bare = new BareDrivers(
            source, connection, sender, receiver,
            new AmazonS3Client(new BasicAWSCredentials("key", "secret"), new AmazonS3Config
            {
                ServiceURL = stubs.Store,
                AuthenticationRegion = "us-east-1",
                ForcePathStyle = true,
                MaxErrorRetry = 0,
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            }),
            await ConnectionMultiplexer.ConnectAsync(redis),
            new Uri(stubs.Provider + "accounts/account/ai/run/model"));
        await bare.ReceiveAsync();
        return bare;
    }

    /// <summary>Generates images and waits for all of them.</summary>
    public async Task GenerateAsync(int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        var finished = ids.Select(id => (_waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task).ToList();
        await using (var insert = _database.CreateCommand(
            "INSERT INTO bare_jobs (id, owner, prompt, model, status, created_at, updated_at) SELECT unnest($1), 'owner', $2, 'flux-schnell', 'pending', $3, $3"))
        {
            insert.Parameters.AddWithValue(ids);
            insert.Parameters.AddWithValue(Prompt);
            insert.Parameters.AddWithValue(Now());
            await insert.ExecuteNonQueryAsync();
        }

        await Task.WhenAll(ids.Select(id => _sender.BasicPublishAsync("", Queue, mandatory: false, Persistent, id.ToByteArray()).AsTask()));
        await Task.WhenAll(finished);
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _sender.QueueDeleteAsync(Queue);
        await _sender.DisposeAsync();
        await _broker.DisposeAsync();
        await using (var drop = _database.CreateCommand("DROP TABLE bare_jobs"))
            await drop.ExecuteNonQueryAsync();
        await _database.DisposeAsync();
        await _redis.DisposeAsync();
        _store.Dispose();
        _http.Dispose();
    }

    private async Task ReceiveAsync()
    {
        await _redis.GetSubscriber().SubscribeAsync(Finished, (_, message) =>
        {
            if (_waiting.TryRemove(Guid.Parse((string)message!), out var waiting))
                waiting.SetResult();
        });
        await _sender.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false, arguments: new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await _sender.QueuePurgeAsync(Queue);
        var consumer = new AsyncEventingBasicConsumer(_receiver);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            await ProcessAsync(new Guid(delivery.Body.Span));
            await _receiver.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await _receiver.BasicQosAsync(0, Throughput.WorkerConcurrency, global: false);
        await _receiver.BasicConsumeAsync(Queue, autoAck: false, consumer);
    }

    private async Task ProcessAsync(Guid id)
    {
        await UpdateAsync("UPDATE bare_jobs SET status = 'processing', updated_at = $2 WHERE id = $1 AND status = 'pending'", id, Now());
        var image = await GenerateAsync();
        var key = $"{id}.jpg";
        MemoryMarshal.TryGetArray<byte>(image, out var bytes);
        using (var content = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false))
        {
            await _store.PutObjectAsync(new PutObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                InputStream = content,
                ContentType = "image/jpeg",
                UseChunkEncoding = false,
                AutoCloseStream = false,
            });
        }

        await UpdateAsync("UPDATE bare_jobs SET status = 'completed', updated_at = $2, image_key = $3 WHERE id = $1", id, Now(), key);
        await _redis.GetSubscriber().PublishAsync(Finished, id.ToString());
    }

    private async Task<ReadOnlyMemory<byte>> GenerateAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _provider) { Content = new ByteArrayContent("""{"prompt":"a lighthouse in the storm"}"""u8.ToArray()) };
        request.Content.Headers.ContentType = new("application/json");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var body = new byte[response.Content.Headers.ContentLength!.Value];
        await using var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(body);
        return Decode(body);
    }

    private static byte[] Decode(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("image"u8))
            {
                reader.Read();
                return reader.GetBytesFromBase64();
            }
        }

        throw new JsonException("The provider's response has no image.");
    }

    private async Task UpdateAsync(string statement, Guid id, params object[] values)
    {
        await using var command = _database.CreateCommand(statement);
        command.Parameters.AddWithValue(id);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        if (await command.ExecuteNonQueryAsync() != 1)
            throw new InvalidOperationException($"There is no job {id}.");
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
