namespace McpImageGen.Jobs.Bus;

/// <summary>How the broker's certificate is verified. Its address is in <c>ConnectionStrings__messaging</c>.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>A PEM file with the certificate authorities that are trusted for an <c>amqps://</c> broker. Default: those of the system.</summary>
    public string? CaCertificate { get; set; }
}
