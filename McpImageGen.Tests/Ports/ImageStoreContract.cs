using McpImageGen.Jobs.Images;

namespace McpImageGen.Tests.Ports;

/// <summary>What whoever uses an image store relies on, whichever it is.</summary>
public abstract class ImageStoreContract
{
    private static readonly byte[] Image = Bytes(300_000);
    private static readonly DateOnly Day = new(2026, 7, 20);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A store that holds nothing yet.</summary>
    protected abstract Task<IImageStore> EmptyStoreAsync();

    /// <summary>Puts something else into the store than an image: beside the image, under a name that starts with the image's.</summary>
    protected abstract Task PutBesideAsync(IImageStore store, string name);

    [Fact]
    public async Task Image_is_read_as_it_was_stored()
    {
        var (store, key) = await StoreWithImageAsync();

        Assert.Equal(Image, await ReadAsync(store, key));
    }

    [Fact]
    public async Task Image_has_its_length_and_the_time_when_it_was_stored()
    {
        var before = DateTimeOffset.UtcNow;
        var (store, key) = await StoreWithImageAsync();

        var image = await store.OpenAsync(key, Cancel);

        Assert.NotNull(image);
        await using var content = image.Content;
        Assert.Equal(Image.Length, content.Length);
        Assert.True(content.CanSeek);
        // Whole seconds, and by another computer's clock.
        Assert.InRange(image.StoredAt!.Value, before.AddSeconds(-30), DateTimeOffset.UtcNow.AddSeconds(30));
    }

    [Fact]
    public async Task Opening_an_unknown_image_returns_null()
    {
        var (store, _) = await StoreWithImageAsync();

        Assert.Null(await store.OpenAsync(NewKey(), Cancel));
    }

    [Fact]
    public async Task Open_and_delete_work_on_an_image_store_that_was_never_used()
    {
        var store = await EmptyStoreAsync();

        Assert.Null(await store.OpenAsync(NewKey(), Cancel));
        await store.DeleteAsync(NewKey(), Cancel);
    }

    [Fact]
    public async Task Delete_removes_the_image_and_can_be_repeated()
    {
        var (store, key) = await StoreWithImageAsync();

        await store.DeleteAsync(key, Cancel);
        Assert.Null(await store.OpenAsync(key, Cancel));

        await store.DeleteAsync(key, Cancel);
    }

    [Fact]
    public async Task Delete_keeps_other_images()
    {
        var (store, key) = await StoreWithImageAsync();
        var another = NewKey();
        await store.PutAsync(another, Image, Cancel);

        await store.DeleteAsync(another, Cancel);

        Assert.Equal(Image, await ReadAsync(store, key));
    }

    [Fact]
    public async Task Storing_under_an_existing_key_replaces_the_whole_image()
    {
        var (store, key) = await StoreWithImageAsync();
        var shorter = Bytes(1000).Reverse().ToArray();

        await store.PutAsync(key, shorter, Cancel);

        Assert.Equal(shorter, await ReadAsync(store, key));
    }

    [Fact]
    public async Task Cancelled_store_operation_leaves_no_partial_image()
    {
        var store = await EmptyStoreAsync();
        var key = NewKey();
        using var leaves = new CancellationTokenSource();
        var put = store.PutAsync(key, Bytes(20_000_000), leaves.Token);

        await leaves.CancelAsync();

        if (await Record.ExceptionAsync(() => put) is null)
            Assert.Equal(20_000_000, (await ReadAsync(store, key)).Length);
        else
            Assert.Null(await store.OpenAsync(key, Cancel));
    }

    [Fact]
    public async Task Only_the_given_part_of_an_array_is_stored()
    {
        var store = await EmptyStoreAsync();
        var key = NewKey();

        await store.PutAsync(key, Image.AsMemory(1000, 2000), Cancel);

        Assert.Equal(Image[1000..3000], await ReadAsync(store, key));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 300_000)]
    [InlineData(1, 100)]
    [InlineData(150_000, 100_000)]
    [InlineData(299_999, 1)]
    public async Task Range_is_read_from_the_seek_position(int from, int count)
    {
        var (store, key) = await StoreWithImageAsync();
        await using var content = (await store.OpenAsync(key, Cancel))!.Content;
        var range = new byte[count];

        content.Seek(from, SeekOrigin.Begin);
        await content.ReadExactlyAsync(range, Cancel);

        Assert.Equal(Image[from..(from + count)], range);
        Assert.Equal(from + count, content.Position);
    }

    [Fact]
    public async Task Stream_can_seek_after_reading()
    {
        var (store, key) = await StoreWithImageAsync();
        await using var content = (await store.OpenAsync(key, Cancel))!.Content;
        var part = new byte[1000];

        foreach (var from in (int[])[200_000, 5, 201_000, 0])
        {
            content.Position = from;
            await content.ReadExactlyAsync(part, Cancel);
            Assert.Equal(Image[from..(from + 1000)], part);
        }
    }

    [Fact]
    public async Task Stream_returns_no_bytes_at_its_end()
    {
        var (store, key) = await StoreWithImageAsync();
        await using var content = (await store.OpenAsync(key, Cancel))!.Content;

        content.Seek(0, SeekOrigin.End);

        Assert.Equal(0, await content.ReadAsync(new byte[10], Cancel));
    }

    [Fact]
    public async Task Many_images_can_be_stored_and_read_concurrently()
    {
        var store = await EmptyStoreAsync();
        var images = Enumerable.Range(1, 64).ToDictionary(_ => NewKey(), number => Bytes(number * 1000));

        await Task.WhenAll(images.Select(image => store.PutAsync(image.Key, image.Value, Cancel)));
        var read = await Task.WhenAll(images.Keys.Select(key => ReadAsync(store, key)));

        Assert.Equal(images.Values, read);
    }

    [Fact]
    public async Task One_image_can_be_read_concurrently()
    {
        var (store, key) = await StoreWithImageAsync();

        var read = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ReadAsync(store, key)));

        Assert.All(read, bytes => Assert.Equal(Image, bytes));
    }

    [Fact]
    public async Task Every_image_is_listed_with_the_time_when_it_was_stored()
    {
        var before = DateTimeOffset.UtcNow;
        var (store, key) = await StoreWithImageAsync();
        var another = NewKey();
        await store.PutAsync(another, Image, Cancel);

        var listed = await store.ListAsync(Cancel).ToDictionaryAsync(image => image.Key, image => image.StoredAt, cancellationToken: Cancel);

        Assert.Equal([key, another], listed.Keys.ToHashSet());
        Assert.All(listed.Values, storedAt => Assert.InRange(storedAt, before.AddSeconds(-30), DateTimeOffset.UtcNow.AddSeconds(30)));
    }

    [Fact]
    public async Task Deleted_images_are_not_listed()
    {
        var (store, key) = await StoreWithImageAsync();

        await store.DeleteAsync(key, Cancel);

        Assert.Empty(await store.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Unused_image_store_lists_no_images()
    {
        var store = await EmptyStoreAsync();

        Assert.Empty(await store.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Thumbnail_is_stored_in_addition_to_its_image_and_listed()
    {
        var (store, key) = await StoreWithImageAsync();
        var thumbnail = key.Thumbnails.First();

        await store.PutAsync(thumbnail, Bytes(1000), Cancel);

        Assert.Equal(Bytes(1000), await ReadAsync(store, thumbnail));
        Assert.Equal(Image, await ReadAsync(store, key));
        Assert.Equal(new HashSet<ImageKey> { key, thumbnail }, await store.ListAsync(Cancel).Select(image => image.Key).ToHashSetAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task Delete_removes_the_image_and_only_its_own_thumbnails()
    {
        var (store, key) = await StoreWithImageAsync();
        var another = NewKey();
        foreach (var thumbnail in key.Thumbnails.Append(another.Thumbnails.First()))
            await store.PutAsync(thumbnail, Bytes(1000), Cancel);

        await store.DeleteAsync(key, Cancel);

        Assert.Equal([another.Thumbnails.First()], await store.ListAsync(Cancel).Select(image => image.Key).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Delete_removes_thumbnails_even_if_their_image_does_not_exist()
    {
        var store = await EmptyStoreAsync();
        var key = NewKey();
        await store.PutAsync(key.Thumbnails.Last(), Bytes(1000), Cancel);

        await store.DeleteAsync(key, Cancel);

        Assert.Empty(await store.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Deleting_a_thumbnail_keeps_its_image()
    {
        var (store, key) = await StoreWithImageAsync();
        await store.PutAsync(key.Thumbnails.First(), Bytes(1000), Cancel);

        await store.DeleteAsync(key.Thumbnails.First(), Cancel);

        Assert.Equal([key], await store.ListAsync(Cancel).Select(image => image.Key).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Other_files_in_the_image_store_are_not_listed()
    {
        var (store, key) = await StoreWithImageAsync();

        await PutBesideAsync(store, $"{key}.thumbnail.webp");

        Assert.Equal([key], await store.ListAsync(Cancel).Select(image => image.Key).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Discarded_image_is_only_in_the_trash_and_its_thumbnails_are_deleted()
    {
        var (store, key) = await StoreWithImageAsync();
        await store.PutAsync(key.Thumbnails.First(), Bytes(1000), Cancel);
        var trash = (IImageTrash)store;

        await trash.DiscardAsync(key, Day, Cancel);

        Assert.Null(await store.OpenAsync(key, Cancel));
        Assert.Empty(await store.ListAsync(Cancel).ToListAsync(Cancel));
        Assert.Equal([new DiscardedImage(key, Day)], await trash.ListDiscardedAsync(Cancel).ToListAsync(Cancel));
        await trash.DiscardAsync(key, Day, Cancel);
    }

    [Fact]
    public async Task Discarded_image_is_restored_unchanged()
    {
        var (store, key) = await StoreWithImageAsync();
        var trash = (IImageTrash)store;
        await trash.DiscardAsync(key, Day, Cancel);

        Assert.True(await trash.RestoreAsync(new DiscardedImage(key, Day), Cancel));

        Assert.Equal(Image, await ReadAsync(store, key));
        Assert.False(await trash.RestoreAsync(new DiscardedImage(key, Day), Cancel));
        Assert.Equal(Image, await ReadAsync(store, key));
    }

    [Fact]
    public async Task Image_is_not_lost_by_concurrent_discard_and_restore()
    {
        var (store, key) = await StoreWithImageAsync();
        var trash = (IImageTrash)store;
        var discarded = new DiscardedImage(key, Day);

        for (var round = 0; round < 100; round++)
        {
            await Task.WhenAll(
                Task.Run(() => trash.DiscardAsync(key, Day, Cancel), Cancel),
                Task.Run(() => trash.RestoreAsync(discarded, Cancel), Cancel),
                Task.Run(() => trash.RestoreAsync(discarded, Cancel), Cancel));
            await trash.RestoreAsync(discarded, Cancel);
            Assert.Equal(Image, await ReadAsync(store, key));
        }
    }

    [Fact]
    public async Task Image_deleted_from_the_trash_no_longer_exists()
    {
        var (store, key) = await StoreWithImageAsync();
        var trash = (IImageTrash)store;
        await trash.DiscardAsync(key, Day, Cancel);

        await trash.DeleteDiscardedAsync(new DiscardedImage(key, Day), Cancel);
        await trash.DeleteDiscardedAsync(new DiscardedImage(key, Day), Cancel);

        Assert.Empty(await trash.ListDiscardedAsync(Cancel).ToListAsync(Cancel));
        Assert.Null(await store.OpenAsync(key, Cancel));
    }

    [Fact]
    public async Task Checks_succeed_on_a_working_image_store_and_leave_no_image()
    {
        var store = await EmptyStoreAsync();

        await store.CheckAsync(Cancel);
        await store.ProbeAsync(Cancel);
        await store.ProbeAsync(Cancel);

        Assert.Empty(await store.ListAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Markers_are_read_as_last_written_and_not_listed_as_images()
    {
        var (store, key) = await StoreWithImageAsync();
        var markers = (IStoreMarkers)store;
        Assert.Empty(await markers.ReadMarkersAsync(Cancel));

        await markers.WriteMarkerAsync("first", "a longer text", Cancel);
        await markers.WriteMarkerAsync("first", "text", Cancel);
        await markers.WriteMarkerAsync("second", "another", Cancel);

        Assert.Equal(
            new Dictionary<string, string> { ["first"] = "text", ["second"] = "another" }.OrderBy(marker => marker.Key),
            (await markers.ReadMarkersAsync(Cancel)).OrderBy(marker => marker.Key));
        Assert.Equal([key], await store.ListAsync(Cancel).Select(image => image.Key).ToListAsync(Cancel));
    }

    protected static ImageKey NewKey() => ImageKey.For(Guid.NewGuid(), "image/png");

    protected static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(value => (byte)(value * 31 % 251))];

    protected static async Task<byte[]> ReadAsync(IImageStore store, ImageKey key)
    {
        var image = await store.OpenAsync(key, Cancel);
        Assert.NotNull(image);
        return await image.ReadAsync(Cancel);
    }

    private async Task<(IImageStore Store, ImageKey Key)> StoreWithImageAsync()
    {
        var store = await EmptyStoreAsync();
        var key = NewKey();
        await store.PutAsync(key, Image, Cancel);
        return (store, key);
    }
}
