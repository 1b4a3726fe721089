namespace McpImageGen.Jobs.Bus;

/// <summary>How the broker is trusted, beside its address in <c>ConnectionStrings__messaging</c>.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>A PEM file with the certificates of the authorities that an <c>amqps://</c> broker's certificate may be from; without it those of the system.</summary>
    public string? CaCertificate { get; set; }
}
