/** Words for names that are easy to tell apart and offend nobody. Their number is fixed: another list renames everybody. */
const FIRST =
  'amber ashen brisk calm cedar clever coral crisp dapper dusky early fern fleet gentle glad golden hazel hidden honest indigo ivory jolly keen kind lilac little lively lucky lunar mellow merry misty mossy noble nimble ochre olive opal pale patient plucky polar proud quick quiet rosy rustic sage sandy silent silver sleek snowy solar spry steady sunny swift tawny tidal velvet warm wild young'.split(
    ' ',
  );
const SECOND =
  'badger bat bear beetle bison bobcat crane cricket curlew deer dove dunlin egret elk falcon ferret finch fox frog gecko goose grebe hare hawk heron hoopoe ibex ibis jackdaw jay kestrel kite koala lark lemur linnet lynx magpie marten mole moth newt otter owl panda petrel pika plover puffin quail rail raven robin seal shrew siskin snipe sparrow stoat stork swan tern thrush vole'.split(
    ' ',
  );

/**
 * What a pseudonym is shown as: two words and a figure, the same for the same pseudonym. Names may meet; what tells
 * people apart for sure is the pseudonym.
 */
export function nameOf(pseudonym: string): string {
  // FNV-1a, as partitions have it: spread well, no secret rests on it.
  let hash = 0x811c9dc5;
  for (let i = 0; i < pseudonym.length; i++) hash = Math.imul(hash ^ pseudonym.charCodeAt(i), 0x01000193);
  const bits = hash >>> 0;
  const first = FIRST[bits % FIRST.length] ?? '';
  const second = SECOND[(bits >>> 8) % SECOND.length] ?? '';
  return `${first} ${second} ${((bits >>> 16) % 90) + 10}`;
}
