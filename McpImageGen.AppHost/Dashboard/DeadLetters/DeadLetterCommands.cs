using System.Globalization;
using System.Text;
using RabbitMQ.Client.Exceptions;

namespace McpImageGen.AppHost.Dashboard.DeadLetters;

/// <summary>Commands that show, resend and delete dead letters. They also work with an external broker.</summary>
internal static class DeadLetterCommands
{
    public const string ShowCommandName = "show-dead-letters";
    public const string SendAgainCommandName = "send-dead-letters-again";
    public const string DeleteCommandName = "delete-dead-letters";

    private const string Queue = "queue";
    private const string Every = "all";
    private const string WithContent = "content";
    private const int MaxShownLength = 20;

    public static IResourceBuilder<IResourceWithConnectionString> WithDeadLetterCommands(
        this IResourceBuilder<IResourceWithConnectionString> broker) =>
        broker.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? broker
            : broker
                .WithCommand(ShowCommandName, "Show dead letters", context => WithQueuesAsync(broker.Resource, context, ShowAsync), new CommandOptions
                {
                    Description = "Counts the messages that could not be processed and shows the newest with their job ids and the reasons.",
                    IconName = "MailAlert",
                    IsHighlighted = true,
                    Arguments =
                    [
                        ChoiceOfQueue(),
                        new InteractionInput
                        {
                            Name = WithContent,
                            Label = "Show message contents",
                            Description = "Includes prompts.",
                            InputType = InputType.Boolean,
                            Value = "false",
                        },
                    ],
                })
                .WithCommand(
                    SendAgainCommandName, "Send dead letters again", context => WithQueuesAsync(broker.Resource, context, RedispatchAsync), new CommandOptions
                    {
                        Description = "Moves the messages back to the workers' queue. Finished jobs are not generated again.",
                        IconName = "MailArrowUp",
                        IsHighlighted = true,
                        Arguments = [ChoiceOfQueue()],
                    })
                .WithCommand(DeleteCommandName, "Delete dead letters", context => WithQueuesAsync(broker.Resource, context, DeleteAsync), new CommandOptions
                {
                    Description = "Permanently deletes the messages. Their jobs are kept: unfinished jobs are sent again from the database.",
                    IconName = "MailDismiss",
                    IsHighlighted = true,
                    ConfirmationMessage = "Permanently delete these messages? This cannot be undone.",
                    Arguments = [ChoiceOfQueue()],
                });

    private static InteractionInput ChoiceOfQueue() => new()
    {
        Name = Queue,
        Label = "Queue",
        InputType = InputType.Choice,
        Required = true,
        Options = [KeyValuePair.Create(Every, "All"), .. DeadLetterConnection.Names.Select(name => KeyValuePair.Create(name, name))],
        Value = Every,
    };

    private static async Task<ExecuteCommandResult> WithQueuesAsync(
        IResourceWithConnectionString broker,
        ExecuteCommandContext context,
        Func<DeadLetterConnection, IReadOnlyList<string>, ExecuteCommandContext, Task<ExecuteCommandResult>> execute)
    {
        var chosen = context.Arguments.GetString(Queue);
        try
        {
            var address = await broker.GetConnectionStringAsync(context.CancellationToken)
                ?? throw new DistributedApplicationException("The message broker has no address.");
            await using var queues = await DeadLetterConnection.ConnectAsync(address, context.CancellationToken);
            return await execute(queues, chosen == Every ? DeadLetterConnection.Names : [chosen!], context);
        }
        catch (BrokerUnreachableException)
        {
            return CommandResults.Failure("The message broker is not available.");
        }
    }

    private static async Task<ExecuteCommandResult> ShowAsync(DeadLetterConnection queues, IReadOnlyList<string> names, ExecuteCommandContext context)
    {
        var withContent = context.Arguments.GetBoolean(WithContent);
        var text = new StringBuilder();
        var total = 0L;
        foreach (var name in names)
        {
            var count = await queues.CountAsync(name, context.CancellationToken);
            total += count;
            text.AppendLine(CultureInfo.InvariantCulture, $"**{name}: {Messages(count)}**").AppendLine();
            if (count > MaxShownLength)
                text.AppendLine(CultureInfo.InvariantCulture, $"The newest {MaxShownLength}:").AppendLine();
            foreach (var letter in await queues.NewestAsync(name, MaxShownLength, context.CancellationToken))
                Append(text, letter, withContent);
            text.AppendLine();
        }

        return Answers.Shown($"{Messages(total)}.", text.ToString());
    }

    private static void Append(StringBuilder text, DeadLetter letter, bool withContent)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"- job {letter.JobId?.ToString() ?? "unknown"}: {letter.Reason.ReplaceLineEndings(" ")}");
        if (withContent)
            text.AppendLine().AppendLine("  ```").AppendLine($"  {letter.Content.ReplaceLineEndings("\n  ")}").AppendLine("  ```");
    }

    private static async Task<ExecuteCommandResult> RedispatchAsync(DeadLetterConnection queues, IReadOnlyList<string> names, ExecuteCommandContext context)
    {
        var sent = 0;
        try
        {
            foreach (var name in names)
                sent += await queues.RedispatchAsync(name, context.CancellationToken);
        }
        catch (PublishException)
        {
            return CommandResults.Failure($"The queue {DeadLetterConnection.WorkersQueue} does not exist yet; start a worker to create it. The remaining messages were kept.");
        }

        return Answers.Shown($"{Messages(sent)} sent again.");
    }

    private static async Task<ExecuteCommandResult> DeleteAsync(DeadLetterConnection queues, IReadOnlyList<string> names, ExecuteCommandContext context)
    {
        var deleted = 0L;
        foreach (var name in names)
            deleted += await queues.DeleteAsync(name, context.CancellationToken);
        return Answers.Shown($"{Messages(deleted)} deleted.");
    }

    private static string Messages(long count) => count == 1 ? "1 message" : $"{count} messages";
}
