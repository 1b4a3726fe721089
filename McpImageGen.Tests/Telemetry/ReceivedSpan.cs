using System.Text;

namespace McpImageGen.Tests.Telemetry;

/// <summary>A span as it came over OTLP: who sent it, by what it was made, and where it belongs.</summary>
public sealed record ReceivedSpan(string Service, string Scope, string Name, string TraceId)
{
    /// <summary>Reads the body of an export of traces.</summary>
    public static IEnumerable<ReceivedSpan> Read(byte[] export) =>
        from resource in Fields(export, 1)
        let service = Texts(resource, 1, 1).Zip(Fields(resource, 1).SelectMany(one => Fields(one, 1))).First(one => one.First == "service.name").Second
        from scope in Fields(resource, 2)
        from span in Fields(scope, 2)
        select new ReceivedSpan(
            Text(Fields(service, 2).Single(), 1), Text(Fields(scope, 1).Single(), 1), Text(span, 5), Convert.ToHexStringLower(Fields(span, 1).Single().Span));

    private static IEnumerable<string> Texts(ReadOnlyMemory<byte> message, int outer, int inner) =>
        Fields(message, outer).SelectMany(one => Fields(one, inner)).Select(one => Text(one, 1));

    private static string Text(ReadOnlyMemory<byte> message, int field) => Encoding.UTF8.GetString(Fields(message, field).Single().Span);

    /// <summary>The fields of that number that have a length: messages, texts and bytes.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Number(message.Span, ref at);
            switch (tag & 7)
            {
                case 0:
                    Number(message.Span, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Number(message.Span, ref at);
                    if (tag >> 3 == (ulong)number)
                        yield return message.Slice(at, length);
                    at += length;
                    break;
            }
        }
    }

    private static ulong Number(ReadOnlySpan<byte> message, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return number;
        }
    }
}
